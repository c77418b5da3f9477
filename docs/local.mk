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
	docs/bench/burst-connections-that-took-a-second-or-more.svg \
	docs/bench/header-instructions.svg \
	docs/bench/header-ns.svg \
	docs/bench/logins-compared-times-as-many-a-second.svg \
	docs/bench/logins-us-of-the-processor.svg \
	docs/bench/long-session-us-of-the-processor.svg \
	docs/bench/results.csv \
	docs/bench/results.md \
	docs/bench/silent-peers-us-p99.svg \
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
