#!/usr/bin/env bash
# A payment that the bank took back counts as money received in two MT940 parsers.
#
# Packages: mt-940 5.1.1 (PyPI), mt940-js 1.0.0 with tslib 2.8.1 (npm).
# Guess: opening balance plus the parsed amounts is the closing balance of a valid statement.
# Basis: SWIFT's field :61: knows the marks C, D, RC (a credit reversed, so a debit) and RD (a
#   debit reversed, so a credit).
# Seen: mt-940 signs only "D": RC 3,00 comes as +3.00, so that 1000 - 12.5 + 50 - 3 + 5 = 1039.50
#   is added up to 1045.50. mt940-js says isCredit for RC and not for RD, and keeps no sign of
#   the reversal. The npm package mt940js 1.3.5 has it right.
# Why it matters: RC is how a returned direct debit or transfer looks. Its invoice is marked
#   paid by the money that went away. Read the mark yourself and check each statement's sum.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > s.sta <<'STA'
:20:STMT1
:25:DE89370400440532013000
:28C:1/1
:60F:C260101EUR1000,
:61:2601020102DR12,5NMSCINV-1//B1
:86:fee
:61:2601020102CR50,NTRFNONREF
:86:invoice paid
:61:2601020102RC3,NTRFNONREF
:86:payment returned
:61:2601020102RD5,NMSCNONREF
:86:fee given back
:62F:C260102EUR1039,5
-
STA
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check mt-940==5.1.1
npm init -y >/dev/null && npm install --silent --no-audit --no-fund --ignore-scripts mt940-js@1.0.0 tslib@2.8.1 >/dev/null
cat > t.py <<'PY'
import sys, mt940
s = mt940.parse("s.sta")
rows = [(t.data["status"], str(t.data["amount"].amount)) for t in s]
total = s.data["final_opening_balance"].amount.amount + sum(t.data["amount"].amount for t in s)
print("mt-940:", rows, "sum", total, "closing", s.data["final_closing_balance"].amount.amount)
if dict(rows) != {"D": "-12.5", "C": "50", "RC": "3", "RD": "5"} or str(total) != "1045.5":
    sys.exit("changed: mt-940")
PY
v/bin/python t.py
cat > t.js <<'JS'
require('mt940-js').read(require('node:fs').readFileSync('s.sta')).then(([s]) => {
  const got = s.transactions.map((t) => `${t.description}: ${t.isCredit ? '+' : '-'}${t.amount}`).join(', ');
  const total = s.transactions.reduce((sum, t) => sum + (t.isCredit ? t.amount : -t.amount), s.openingBalance.value);
  console.log(`mt940-js: ${got}; sum ${total}, closing ${s.closingBalance.value}`);
  if (got !== 'fee: -12.5, invoice paid: +50, payment returned: +3, fee given back: -5') { console.error('changed: mt940-js'); process.exit(1); }
});
JS
node t.js
echo 'confirmed: the returned payment is counted as received'
