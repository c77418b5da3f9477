# SPDX-License-Identifier: MIT
# sql/*.sql on a real MariaDB: scripts/check runs it.
EXTRA_DIST += \
	tests/sql/run \
	tests/sql/expect.sh \
	tests/sql/cases/check.sh \
	tests/sql/cases/entries.sh \
	tests/sql/cases/history.sh \
	tests/sql/cases/import.sh \
	tests/sql/cases/install.sh \
	tests/sql/cases/modes.sh \
	tests/sql/cases/prefix.sh \
	tests/sql/cases/procedures.sh \
	tests/sql/cases/rights.sh \
	tests/sql/cases/shape.sh \
	tests/sql/cases/wide.sh
