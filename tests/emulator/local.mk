# SPDX-License-Identifier: MIT
# The reference emulators are copied out by make-tree and built there.
EXTRA_DIST += tests/emulator
