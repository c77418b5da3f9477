# SPDX-License-Identifier: MIT
# What refuses the banned at the edge, and how it is brought up to date. Wants
# liblists.a, libbase.a and libropp.a.
noinst_LIBRARIES += libedge.a
libedge_a_SOURCES = \
	tools/edge/edge.c \
	tools/edge/edge.h \
	tools/edge/file.c \
	tools/edge/haproxy.c \
	tools/edge/haproxyapi.c \
	tools/edge/haproxyapi.h \
	tools/edge/ipset.c \
	tools/edge/job.c \
	tools/edge/job.h \
	tools/edge/keeper.c \
	tools/edge/keeper.h \
	tools/edge/nfbatch.c \
	tools/edge/nfbatch.h \
	tools/edge/nfhandle.c \
	tools/edge/nfhandle.h \
	tools/edge/nftables.c \
	tools/edge/program.c \
	tools/edge/program.h
