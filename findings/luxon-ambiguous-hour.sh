#!/usr/bin/env bash
# The repeated hour of autumn means another instant when the program runs in another season.
#
# Package: luxon 3.7.2 (npm), on any Node.
# Guess: a local time with a zone gives one instant; for the hour that comes twice the
#   library picks one of the two by a fixed rule, as Temporal ("compatible": the first) and
#   PostgreSQL (the standard time: the second) do.
# Basis: luxon's manual on zones says that an ambiguous time has two readings and that it does
#   not promise which one it takes. Nothing hints that the clock of the machine decides.
# Seen: the first guess for the offset is the zone's offset NOW. The same text is read as
#   +02:00 by a process that runs in July and as +01:00 by one that runs in December.
# Why it matters: call records in local time. A file rated again half a year later starts
#   its calls one hour earlier or later: another tariff window, another day's total, and a
#   duplicate check by start time no longer finds the first import.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts luxon@3.7.2 >/dev/null
cat > t.js <<'JS'
const { DateTime, Settings } = require('luxon');
const zone = 'Europe/Madrid';
const readings = {
  fromISO: () => DateTime.fromISO('2026-10-25T02:30', { zone }),
  fromFormat: () => DateTime.fromFormat('25/10/2026 02:30', 'dd/MM/yyyy HH:mm', { zone }),
  fromSQL: () => DateTime.fromSQL('2026-10-25 02:30:00', { zone }),
  fromObject: () => DateTime.fromObject({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, { zone }),
};
const wanted = { '2026-07-01': '2026-10-25T00:30:00.000Z', '2026-12-01': '2026-10-25T01:30:00.000Z' };
for (const [today, instant] of Object.entries(wanted)) {
  Settings.now = () => Date.parse(`${today}T12:00:00Z`);
  for (const [name, read] of Object.entries(readings)) {
    const got = read().toUTC().toISO();
    console.log(`clock at ${today}: ${name} of 2026-10-25 02:30 ${zone} = ${got}`);
    if (got !== instant) { console.error(`changed: expected ${instant}`); process.exit(1); }
  }
}
console.log('confirmed: the same text, one hour apart, by the date on which it is read');
JS
node t.js
