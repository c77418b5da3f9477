EXTRA_DIST += \
	sql/install.sql \
	sql/uninstall.sql \
	sql/upgrade.sql
