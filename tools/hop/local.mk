# SPDX-License-Identifier: MIT
# `ropp hop`
ropp_hop_sources = \
	tools/hop/check.c \
	tools/hop/emulator.c \
	tools/hop/firewall.c \
	tools/hop/haproxy.c \
	tools/hop/hop.c \
	tools/hop/hop.h \
	tools/hop/network.c \
	tools/hop/network.h \
	tools/hop/nginx.c \
	tools/hop/render.c \
	tools/hop/render.h \
	tools/hop/tunnel.c \
	tools/hop/write.c
