#!/usr/bin/env bash
# Accounts of twelve countries, Libya and Oman among them, have no valid IBAN for npm's iban.
#
# Packages: iban 0.0.14, ibantools 4.5.4 (npm); schwifty 2026.10.1 (PyPI).
# Guess: all checkers of IBANs know the countries of SWIFT's registry.
# Basis: the registry's own examples, with right check digits. ibantools and schwifty take all of them.
# Seen: iban takes those of Egypt, Iraq and Greenland, and refuses Burundi, Djibouti, the Falkland Islands, Honduras, Libya,
#   Mongolia, Nicaragua, Oman, Russia, Somalia, Sudan and Yemen: an unknown country is a wrong number to it.
# Why it matters: customers there cannot leave their account, and are told that they have mistyped it.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > /dev/null
npm install --silent --no-audit --no-fund iban@0.0.14 ibantools@4.5.4
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check schwifty==2026.10.1
cat > examples.txt <<'EOF'
EG380019000500000000263180002
IQ98NBIQ850123456789012
GL8964710001000206
BI4210000100010000332045181
DJ2100010000000154000100186
FK88SC123456789012
HN88CABF00000000000250005469
LY83002048000020100120361
MN121234123456789123
NI45BAPR00000013000003558124
OM810180000001299123456
RU0304452522540817810538091310419
SD8811123456789012
SO211000001001000100141
YE15CBYE0001018861234567891234
EOF
cat > t.mjs <<'JS'
import { readFileSync } from 'node:fs'
import iban from 'iban'
import { isValidIBAN } from 'ibantools'
for (const one of readFileSync('examples.txt', 'utf8').trim().split('\n')) {
  console.log(one.slice(0, 2), iban.isValid(one), isValidIBAN(one))
}
JS
cat > t.py <<'PY'
from schwifty import IBAN
for one in open("examples.txt").read().split():
    print(str(IBAN(one, allow_invalid=True).is_valid).lower())
PY
seen=$(paste -d' ' <(node t.mjs) <(v/bin/python t.py))
echo 'country, iban, ibantools, schwifty:'; echo "$seen"
expected=$(printf '%s true true true\n' EG IQ GL; printf '%s false true true\n' BI DJ FK HN LY MN NI OM RU SD SO YE)
[ "$seen" = "$expected" ] || { echo 'changed'; exit 1; }
echo 'confirmed: iban refuses twelve of fifteen'
