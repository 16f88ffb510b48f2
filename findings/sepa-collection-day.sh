#!/usr/bin/env bash
# A direct debit due on 1 December is ordered for 30 November by a server west of Greenwich.
#
# Package: sepa 3.0.0 (npm).
# Guess: a collection date given as midnight UTC, as new Date('2026-12-01') is, appears as 2026-12-01.
# Basis: ISO 20022: ReqdColltnDt is a date without time or zone; JavaScript reads a date-only text as
#   midnight UTC.
# Seen: the package writes the day of the process's own zone: with TZ=America/New_York both the
#   collection day and the mandate's signature day are one earlier. Nothing in the message tells.
# Why it matters: a debit before its announced day is refused or claimed back; a signature day that
#   differs from the mandate is a reason for return. The same code is right in Europe.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts sepa@3.0.0 >/dev/null
cat > t.js <<'JS'
const SEPA = require('sepa'), doc = new SEPA.Document('pain.008.001.02');
Object.assign(doc.grpHdr, { id: 'B1', created: new Date('2026-11-20T10:00:00Z'), initiatorName: 'Example' });
const info = doc.createPaymentInfo();
Object.assign(info, { collectionDate: new Date('2026-12-01'), creditorIBAN: 'DE87123456781234567890', creditorBIC: 'XMPLDEM0XXX', creditorName: 'Example', creditorId: 'DE98ZZZ09999999999', batchBooking: true });
doc.addPaymentInfo(info);
const tx = info.createTransaction();
Object.assign(tx, { debtorName: 'Customer', debtorIBAN: 'DE40987654329876543210', debtorBIC: 'MPSSDEM0XXX', mandateId: 'M1', mandateSignatureDate: new Date('2026-01-15'), amount: 10.15, currency: 'EUR', remittanceInfo: 'INV 1', end2endId: 'E1' });
info.addTransaction(tx);
const xml = doc.toString(), read = (tag) => xml.match(new RegExp(`<${tag}>([^<]*)`))[1];
console.log(read('ReqdColltnDt'), read('DtOfSgntr'));
JS
for pair in 'Europe/Madrid=2026-12-01 2026-01-15' 'America/New_York=2026-11-30 2026-01-14'; do
  got=$(TZ=${pair%%=*} node t.js)
  echo "TZ=${pair%%=*}: collection and signature day $got"
  [ "$got" = "${pair#*=}" ] || { echo changed >&2; exit 1; }
done
echo 'confirmed: a day early in New York'
