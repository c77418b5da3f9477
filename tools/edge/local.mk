# SPDX-License-Identifier: MIT
# What refuses the banned at the edge, and how it is brought up to date. Wants libbase.a.
noinst_LIBRARIES += libedge.a
libedge_a_SOURCES = \
	tools/edge/haproxyapi.c \
	tools/edge/haproxyapi.h
