# SPDX-License-Identifier: MIT
# `ropp status`
ropp_status_sources = \
	tools/status/process.c \
	tools/status/process.h \
	tools/status/prometheus.c \
	tools/status/prometheus.h \
	tools/status/status.c \
	tools/status/status.h
