#!/usr/bin/env bash
# A booking at the turn of the year is dated a year too early by two MT940 parsers.
#
# Packages: mt940js 1.3.5 and mt940-js 1.0.0 with tslib 2.8.1 (npm), mt-940 5.1.1 (PyPI).
# Guess: value date 31 December 2025 with entry date 0102 is booked on 2 January 2026.
# Basis: SWIFT's field :61: gives the entry date as MMDD without a year; it lies next to the
#   value date. The Python package mt-940 chooses the nearer year.
# Seen: both JavaScript packages take the year of the value date: 2 January 2025, 363 days
#   before the value date.
# Why it matters: payments of the last days of the year are the usual case for this. Booked a
#   year early they are outside the open period, and dunning sees no payment.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > s.sta <<'STA'
:20:STMT1
:25:DE89370400440532013000
:28C:1/1
:60F:C251231EUR1000,
:61:2512310102C50,NTRFNONREF
:86:invoice paid
:62F:C260102EUR1050,
-
STA
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check mt-940==5.1.1
npm init -y >/dev/null && npm install --silent --no-audit --no-fund --ignore-scripts mt940js@1.3.5 mt940-js@1.0.0 tslib@2.8.1 >/dev/null
right=$(v/bin/python -c 'import mt940; print(mt940.parse("s.sta")[0].data["entry_date"])')
one=$(node -e 'const {Parser} = require("mt940js"); console.log(new Parser().parse(require("fs").readFileSync("s.sta", "utf8"))[0].transactions[0].entryDate.toISOString().slice(0, 10))')
two=$(node -e 'require("mt940-js").read(require("fs").readFileSync("s.sta")).then(([s]) => console.log(s.transactions[0].entryDate))')
echo "value date 2025-12-31, entry 0102: mt-940 $right, mt940js $one, mt940-js $two"
[ "$right $one $two" = '2026-01-02 2025-01-02 2025-01-02' ] || { echo changed >&2; exit 1; }
echo 'confirmed: the entry date is a year early in both'
