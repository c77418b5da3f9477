# SPDX-License-Identifier: MIT
ropp_docs = \
	docs/ARCHITECTURE.md \
	docs/BENCHMARKS.md \
	docs/COMPATIBILITY.md \
	docs/CONFORMANCE.md \
	docs/FAILURES.md \
	docs/HOOKS.md \
	docs/SECURITY.md \
	docs/SETTINGS.md \
	docs/deploy/README.md \
	docs/deploy/attack.md \
	docs/deploy/aws-nlb.md \
	docs/deploy/haproxy.md \
	docs/deploy/hitch.md \
	docs/deploy/nginx.md \
	docs/deploy/one-machine.md \
	docs/deploy/several-machines.md \
	docs/deploy/stunnel.md \
	docs/deploy/wireguard.md \
	docs/hops.md \
	docs/settings/hercules.conf \
	docs/settings/rathena.conf \
	docs/running.md

nobase_dist_doc_DATA += $(ropp_docs)

dist_man1_MANS += docs/ropp.1
