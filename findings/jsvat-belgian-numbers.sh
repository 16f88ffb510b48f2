#!/usr/bin/env bash
# A Belgian VAT number that begins with 1 is invalid for jsvat.
#
# Packages: jsvat 2.5.4, stdnum 1.12.0 (npm); python-stdnum 2.2 (PyPI).
# Guess: three kept checkers of VAT numbers agree on a Belgian number with right check digits.
# Basis: Belgium's register of companies (KBO/BCE) has ten digits, of which the first is 0 or, for those founded since
#   numbers with 0 ran out, 1; the last two are 97 less the remainder of the rest by 97. Both stdnum packages take
#   either. The number here is made up, only its form counts.
# Seen: jsvat takes BE0776091951 and refuses BE1000123448: its pattern wants a 0 in front.
# Why it matters: a company founded lately cannot be a customer, and Peppol, which Belgium prescribes between companies
#   since 2026, sends by this very number.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > /dev/null
npm install --silent --no-audit --no-fund jsvat@2.5.4 stdnum@1.12.0
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check python-stdnum==2.2
cat > t.mjs <<'JS'
import { belgium, checkVAT } from 'jsvat'
import { stdnum } from 'stdnum'
for (const number of ['BE0776091951', 'BE1000123448']) {
  console.log(number, checkVAT(number, [belgium]).isValid, stdnum.BE.vat.validate(number).isValid)
}
JS
cat > t.py <<'PY'
from stdnum.be import vat
for number in ("BE0776091951", "BE1000123448"):
    print(str(vat.is_valid(number)).lower())
PY
seen=$(paste -d' ' <(node t.mjs) <(v/bin/python t.py))
echo 'number, jsvat, stdnum, python-stdnum:'; echo "$seen"
[ "$seen" = 'BE0776091951 true true true
BE1000123448 false true true' ] || { echo 'changed'; exit 1; }
echo 'confirmed: jsvat alone refuses it'
