#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Runs a command with a PostgreSQL of its own, named by PES_TEST_DATABASE_URL: tests/postgres.sh cargo test -p pes-journal
#
# The cluster lies in a temporary folder, listens on a socket there and nowhere else, and goes with the script.
set -eu
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }
for folder in /usr/lib/postgresql/*/bin; do
    [ ! -x "$folder/initdb" ] || PATH="$folder:$PATH"
done
initdb=$(command -v initdb) || fail 'initdb is missing: install PostgreSQL'
bin=$(dirname "$initdb")

cluster=$(mktemp -d /tmp/pes-postgres.XXXXXX)
# PostgreSQL does not run as root.
as_owner() { (cd "$cluster" && "$@"); }
if [ "$(id -u)" = 0 ]; then
    chown postgres "$cluster"
    as_owner() { (cd "$cluster" && runuser -u postgres -- "$@"); }
fi
clean() {
    [ ! -f "$cluster/data/postmaster.pid" ] || as_owner "$bin/pg_ctl" -D data -m immediate -s -w stop || true
    rm -rf "$cluster"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

as_owner "$bin/initdb" -D data -U postgres -A trust -E UTF8 --no-sync >"$cluster/initdb.log" 2>&1 ||
    { cat "$cluster/initdb.log" >&2; fail 'initdb failed'; }
as_owner "$bin/pg_ctl" -D data -l server.log -s -w start \
    -o "-k $cluster -c listen_addresses='' -c fsync=off -c max_connections=900 -c shared_buffers=64MB -c max_locks_per_transaction=256" ||
    { cat "$cluster/server.log" >&2; fail 'PostgreSQL does not start'; }

PES_TEST_DATABASE_URL="postgresql:///postgres?host=$cluster&user=postgres" "$@"
