# SPDX-License-Identifier: MIT
ropp_docs = \
	docs/ARCHITECTURE.md \
	docs/BENCHMARKS.md \
	docs/COMPATIBILITY.md \
	docs/CONFORMANCE.md \
	docs/FAILURES.md \
	docs/HOOKS.md \
	docs/SETTINGS.md \
	docs/hops.md

nobase_dist_doc_DATA += $(ropp_docs)

dist_man1_MANS += docs/ropp.1
