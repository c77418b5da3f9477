# SPDX-License-Identifier: MIT
# The packages for Debian: dpkg-buildpackage -us -uc -b
EXTRA_DIST += \
	debian/changelog \
	debian/control \
	debian/copyright \
	debian/ropp-hop.install \
	debian/ropp.install \
	debian/rules \
	debian/source/format
