#!/usr/bin/env bash
# A nightly job at 02:30 runs twice on the last Sunday of October by croniter.
#
# Packages: croniter 7.0.0, cronsim 2.8 (PyPI), croner 11.0.1, cron-parser 5.10.5 (npm).
# Guess: a job with a fixed hour runs once a day, the days of a clock change included.
# Basis: cron(8) of Debian: after a change of less than three hours, jobs of a fixed time are not run
#   twice; croner, cron-parser and cronsim do so.
# Seen: croniter, given a time with a zone, names 02:30 summer time and again 02:30 winter time, for
#   "30 2 * * *" and for "0 2 * * *".
# Why it matters: the nightly invoice run or dunning run is the usual job at that hour. What is not
#   guarded against a second run of the day bills or reminds twice, once a year.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts croner@11.0.1 cron-parser@5.10.5 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check croniter==7.0.0 cronsim==2.8 tzdata==2026.6
cat > t.py <<'PY'
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo
from croniter import croniter
from cronsim import CronSim
start = datetime(2026, 10, 23, 14, 0, tzinfo=ZoneInfo("Europe/Madrid"))
utc = lambda t: t.astimezone(timezone.utc).strftime("%d %H:%M")
for expression, wanted in (("30 2 * * *", ["24 00:30", "25 00:30", "25 01:30"]), ("0 2 * * *", ["24 00:00", "25 00:00", "25 01:00"])):
    a, b = croniter(expression, start), CronSim(expression, start)
    got, other = [utc(a.get_next(datetime)) for _ in range(3)], [utc(next(b)) for _ in range(3)]
    print(expression, "croniter:", got, "cronsim:", other)
    if got != wanted or other[:2] != wanted[:2] or not other[2].startswith("26 "):
        sys.exit("changed")
PY
v/bin/python t.py
cat > t.js <<'JS'
const { Cron } = require('croner'), { CronExpressionParser } = require('cron-parser');
const from = new Date('2026-10-23T12:00:00Z'), c = new Cron('30 2 * * *', { timezone: 'Europe/Madrid' });
const p = CronExpressionParser.parse('30 2 * * *', { currentDate: from, tz: 'Europe/Madrid' });
const show = (d) => d.toISOString().slice(8, 16).replace('T', ' ');
const got = [c.nextRuns(3, from).map(show).join(', '), [1, 2, 3].map(() => show(p.next().toDate())).join(', ')];
console.log('croner:', got[0], '| cron-parser:', got[1]);
if (got.some((g) => g !== '24 00:30, 25 00:30, 26 01:30')) { console.error('changed'); process.exit(1); }
JS
node t.js
echo 'confirmed: two runs within one night (times in UTC)'
