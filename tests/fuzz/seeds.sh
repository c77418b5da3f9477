#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs each fuzz target that is built on the seeds kept for it.
set -euo pipefail

seeds=${srcdir:-.}/tests/fuzz/corpus
for kind in header addr hookfile listfile capture packet settings hops conn; do
    "./tests/fuzz/fuzz_$kind" "$seeds/$kind"/*
done
