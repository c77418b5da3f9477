# SPDX-License-Identifier: MIT
# `ropp hop`: the commands, and what they are made of. The library wants libedge.a, libplayer.a and libbase.a.
ropp_hop_sources = \
	tools/hop/check.c \
	tools/hop/check.h \
	tools/hop/findings.c \
	tools/hop/findings.h \
	tools/hop/header.c \
	tools/hop/hidden.c \
	tools/hop/hop.c \
	tools/hop/hop.h \
	tools/hop/inside.c \
	tools/hop/measure.c \
	tools/hop/servers.c \
	tools/hop/visit.c \
	tools/hop/write.c

noinst_LIBRARIES += libhop.a
libhop_a_SOURCES = \
	tools/hop/ask.c \
	tools/hop/ask.h \
	tools/hop/dial.c \
	tools/hop/dial.h \
	tools/hop/emulator.c \
	tools/hop/exchange.c \
	tools/hop/exchange.h \
	tools/hop/firewall.c \
	tools/hop/haproxy.c \
	tools/hop/keys.c \
	tools/hop/keys.h \
	tools/hop/network.c \
	tools/hop/network.h \
	tools/hop/nginx.c \
	tools/hop/prefer.c \
	tools/hop/prefer.h \
	tools/hop/render.c \
	tools/hop/render.h \
	tools/hop/samples.c \
	tools/hop/samples.h \
	tools/hop/stat.c \
	tools/hop/stat.h \
	tools/hop/tunnel.c \
	tools/hop/ways.c \
	tools/hop/ways.h
