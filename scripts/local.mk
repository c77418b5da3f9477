EXTRA_DIST += \
	.ci/run \
	scripts/check \
	scripts/live-check \
	scripts/quickstart \
	scripts/lib/clean.sh \
	scripts/lib/haproxy.sh \
	scripts/lib/mariadb.sh \
	scripts/lib/next.sh \
	scripts/lib/packages.sh \
	scripts/lib/say.sh \
	scripts/lib/source.sh \
	scripts/lib/step.sh \
	scripts/lib/wait.sh
