#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The program links nothing that a bare machine would have to install: no libpq, no OpenSSL, no SQLite.
set -eu
cd "$(dirname "$0")/.."
cargo build --quiet --locked --package pes-node
linked=$(ldd "${CARGO_TARGET_DIR:-target}/debug/pes")
if printf '%s\n' "$linked" | grep -E 'libpq|libssl|libcrypto|libsqlite'; then
    echo 'the program links what it should bring along' >&2
    exit 1
fi
