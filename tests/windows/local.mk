# SPDX-License-Identifier: MIT
# The module on Windows, with mingw-w64 and Wine: scripts/check runs it.
EXTRA_DIST += \
	tests/windows/arpa/inet.h \
	tests/windows/cmocka.h \
	tests/windows/compile \
	tests/windows/mingw.sh \
	tests/windows/mysql.h \
	tests/windows/posix.h \
	tests/windows/run
