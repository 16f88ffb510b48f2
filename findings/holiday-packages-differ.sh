#!/usr/bin/env bash
# 26 December is no public holiday in Bulgaria, nor Holy Saturday in Chile, for the package date-holidays.
#
# Packages: date-holidays 3.37.0 (npm), holidays 0.109 (PyPI).
# Guess: two large, kept packages of public holidays agree on the fixed days of a country, and on those by Easter.
# Basis: Bulgaria's labour code, article 154: 24, 25 and 26 December. Chile: Good Friday and Holy Saturday, by law 2.977;
#   Easter Sunday is in no law, it is a Sunday. The Python package says both.
# Seen: date-holidays has 26 December in Bulgaria as an "observance" and not "public"; in Chile it has Easter Sunday
#   and nothing on the Saturday. Bulgaria's days in lieu (28 December 2026) are missing, too.
# Why it matters: a plan with holiday rates prices these days at the weekday rate when its calendar is filled from the
#   one package, and at the holiday rate when it is filled from the other.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > /dev/null
npm install --silent --no-audit --no-fund date-holidays@3.37.0
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check holidays==0.109
cat > t.cjs <<'JS'
const Holidays = require('date-holidays')
for (const [country, days] of [['BG', ['2026-12-25', '2026-12-26', '2026-12-28']], ['CL', ['2026-04-03', '2026-04-04', '2026-04-05']]]) {
  const list = new Holidays(country).getHolidays(2026)
  for (const day of days) console.log(country, day, list.some(({ date, type }) => date.startsWith(day) && type === 'public'))
}
JS
cat > t.py <<'PY'
import holidays
for country, days in (("BG", ["2026-12-25", "2026-12-26", "2026-12-28"]), ("CL", ["2026-04-03", "2026-04-04", "2026-04-05"])):
    known = holidays.country_holidays(country, years=2026)
    for day in days:
        print(country, day, str(day in known).lower())
PY
paste -d' ' <(node t.cjs) <(v/bin/python t.py | cut -d' ' -f3) > seen.txt
echo 'country, day, public for date-holidays, for holidays:'; cat seen.txt
cat > expected.txt <<'EOF'
BG 2026-12-25 true true
BG 2026-12-26 false true
BG 2026-12-28 false true
CL 2026-04-03 true true
CL 2026-04-04 false true
CL 2026-04-05 true false
EOF
cmp -s seen.txt expected.txt || { echo 'changed'; exit 1; }
echo 'confirmed: four days of six are told apart'
