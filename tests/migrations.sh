#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Applies all migrations to the PostgreSQL of PES_TEST_DATABASE_URL, takes them back in reverse order, and applies them again:
# tests/postgres.sh tests/migrations.sh
set -eu
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }
run() { psql -X -q -d "$PES_TEST_DATABASE_URL" -v ON_ERROR_STOP=1 -1 "$@"; }
forward='' backward=''
for migration in crates/store/migrations/*/; do
    forward="$forward $migration" backward="$migration $backward"
done
up() { for migration in $forward; do run -f "${migration}up.sql" || fail "${migration}up.sql failed"; done; }
down() { for migration in $backward; do run -f "${migration}down.sql" || fail "${migration}down.sql failed"; done; }
tables() { run -A -t -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"; }

up
made=$(tables)
[ "$made" = "$(cat crates/store/migrations/*/up.sql | grep '^CREATE TABLE' | sort -u | wc -l)" ] || fail "there are $made tables"
down
[ "$(tables)" = 0 ] || fail "after all migrations were taken back there are $(tables) tables"
up
[ "$(tables)" = "$made" ] || fail "the second time there are $(tables) tables instead of $made"
echo "$made tables made, taken back and made again"
