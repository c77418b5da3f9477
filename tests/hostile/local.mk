# SPDX-License-Identifier: MIT
# Slow and broken peers; the load is tests/ha/flood, the run itself is scripts/check hostile.
EXTRA_DIST += \
	tests/hostile/lib/attacks.sh \
	tests/hostile/lib/honest.sh \
	tests/hostile/lib/judge.sh \
	tests/hostile/lib/table.sh \
	tests/hostile/run
