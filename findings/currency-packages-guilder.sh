#!/usr/bin/env bash
# Packages of currencies know the guilder that ended in 2025 and not the one that has replaced it.
#
# Packages: currency-codes 2.2.0, @dinero.js/currencies 2.0.0-alpha.15 (npm); py-moneyed 3.0, iso4217 1.16.20260101,
#   pycountry 26.2.16 (PyPI).
# Guess: the newest release of a package of ISO 4217 has XCG, the Caribbean guilder of Curaçao and Sint Maarten.
# Basis: ISO 4217: XCG since 31 March 2025; ANG was taken by nobody any more from July 2025 on. iso4217 and
#   pycountry have the one and not the other.
# Seen: currency-codes, @dinero.js/currencies and py-moneyed have ANG and no XCG. currency-codes does have ZWG, which
#   came half a year before.
# Why it matters: a client in Curaçao cannot be billed in the money that is used there, and can in one that no bank
#   takes any more. Such a list needs additions of one's own, with a test that says when they may go.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > /dev/null
npm install --silent --no-audit --no-fund currency-codes@2.2.0 @dinero.js/currencies@2.0.0-alpha.15
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check py-moneyed==3.0 iso4217==1.16.20260101 pycountry==26.2.16
cat > t.mjs <<'JS'
import * as dinero from '@dinero.js/currencies'
import codes from 'currency-codes'
console.log('currency-codes', ...['ANG', 'XCG'].map((code) => codes.code(code) !== undefined))
console.log('@dinero.js/currencies', ...['ANG', 'XCG'].map((code) => code in dinero))
JS
cat > t.py <<'PY'
import iso4217, moneyed, pycountry
has = {
    "py-moneyed": lambda code: code in moneyed.CURRENCIES,
    "iso4217": lambda code: code in [one.code for one in iso4217.Currency],
    "pycountry": lambda code: pycountry.currencies.get(alpha_3=code) is not None,
}
for name, find in has.items():
    print(name, *[str(find(code)).lower() for code in ("ANG", "XCG")])
PY
seen=$(node t.mjs; v/bin/python t.py)
echo 'package, has ANG, has XCG:'; echo "$seen"
expected='currency-codes true false
@dinero.js/currencies true false
py-moneyed true false
iso4217 false true
pycountry false true'
[ "$seen" = "$expected" ] || { echo 'changed'; exit 1; }
echo 'confirmed: three of five have the guilder that ended'
