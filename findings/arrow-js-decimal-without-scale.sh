#!/usr/bin/env bash
# A price of 123.45 that JavaScript reads from an Arrow table is 12345.
#
# Package: apache-arrow 21.2.0 (npm).
# Guess: a value of a DECIMAL column with two decimals prints as 123.45, and counts as 123.45.
# Basis: the column's type says that it has two decimals, and Arrow for Python and C++ prints them.
# Seen: String() and Number() of the value give its digits without the scale: 12345. JSON.stringify gives the
#   same digits in two pairs of quotes.
# Why it matters: prices and balances from DuckDB, Polars or a Parquet file are a hundred times too high on a page,
#   and right wherever the column has no decimals. Divide by the type's scale yourself.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts apache-arrow@21.2.0
cat > t.mjs <<'JS'
import { Decimal, makeBuilder } from 'apache-arrow'
// Scale 2, precision 9: 12345 hundredths, in the little-endian words that Arrow keeps.
const type = new Decimal(2, 9, 128)
const builder = makeBuilder({ type })
builder.append(new Uint32Array([12345, 0, 0, 0]))
const price = builder.finish().toVector().get(0)
const got = [String(type), String(price), Number(price), JSON.stringify(price)]
for (const one of got) console.log(one)
process.exit(got.slice(1).join(' ') === '12345 12345 "\\"12345\\""' ? 0 : 1)
JS
node t.mjs || { echo 'changed'; exit 1; }
echo 'confirmed: the scale of a decimal is not applied'
