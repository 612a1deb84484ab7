#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Applies all migrations to a PostgreSQL of its own, takes them back in reverse order, and applies them again.
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
as_owner "$bin/pg_ctl" -D data -l server.log -o "-k $cluster -c listen_addresses='' -c fsync=off" -s -w start ||
    { cat "$cluster/server.log" >&2; fail 'PostgreSQL does not start'; }

run() { psql -X -q -h "$cluster" -U postgres -v ON_ERROR_STOP=1 -1 "$@"; }
forward='' backward=''
for migration in crates/store/migrations/*/; do
    forward="$forward $migration" backward="$migration $backward"
done
up() { for migration in $forward; do run -f "${migration}up.sql" || fail "${migration}up.sql failed"; done; }
down() { for migration in $backward; do run -f "${migration}down.sql" || fail "${migration}down.sql failed"; done; }
tables() { run -A -t -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"; }

up
made=$(tables)
[ "$made" = "$(cat crates/store/migrations/*/up.sql | grep -c '^CREATE TABLE')" ] || fail "there are $made tables"
down
[ "$(tables)" = 0 ] || fail "after all migrations were taken back there are $(tables) tables"
up
[ "$(tables)" = "$made" ] || fail "the second time there are $(tables) tables instead of $made"
echo "$made tables made, taken back and made again"
