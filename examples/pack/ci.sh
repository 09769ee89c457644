#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ci.sh - what CI runs on this pack: it is well-formed and silent on everyday work, and every example holds.
set -e
cd "$(dirname "$0")"
gatesh lint --strict --everyday everyday.txt .
gatesh test --tap .
