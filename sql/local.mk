# SPDX-License-Identifier: MIT
sqldir = $(pkgdatadir)/sql
dist_sql_DATA = \
	sql/install.sql \
	sql/uninstall.sql \
	sql/upgrade.sql
