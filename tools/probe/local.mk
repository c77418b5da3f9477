# SPDX-License-Identifier: MIT
# `ropp probe`; the player it sends is libplayer.a.
ropp_probe_sources = \
	tools/probe/options.c \
	tools/probe/options.h \
	tools/probe/probe.c \
	tools/probe/probe.h \
	tools/probe/report.c \
	tools/probe/report.h \
	tools/probe/verdict.c \
	tools/probe/verdict.h
