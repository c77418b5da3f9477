ropp_docs = \
	docs/ARCHITECTURE.md \
	docs/BENCHMARKS.md \
	docs/COMPATIBILITY.md \
	docs/CONFORMANCE.md \
	docs/HOOKS.md

EXTRA_DIST += $(ropp_docs)

dist_man1_MANS += docs/ropp.1
