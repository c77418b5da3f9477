EXTRA_DIST += \
	sql/install.sql
