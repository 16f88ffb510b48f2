#!/usr/bin/env bash
# A price of 1.15 is written to Parquet as 1.14.
#
# Packages: @dsnp/parquetjs 1.8.9 (1.9.3 was published without its code), read by hyparquet 1.33.0 (npm).
# Guess: a DECIMAL column with two digits holds 1.15 as 115, as other writers do.
# Basis: DECIMAL is exact, and the package takes numbers for it, so it must find the nearest cents.
# Seen: it multiplies by 100 and cuts: 1.15 * 100 is 114.99999999999999 and becomes 114. The same for
#   0.29, 4.35 and 8.2; the price 0.5 is right.
# Why it matters: reports of charges lose a cent on some prices and none on others, and sums do not agree
#   with the ledger. Write scaled whole numbers, or use a writer that takes them.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @dsnp/parquetjs@1.8.9 hyparquet@1.33.0
cat > t.mjs <<'JS'
import pq from '@dsnp/parquetjs'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
const schema = new pq.ParquetSchema({ price: { type: 'DECIMAL', precision: 9, scale: 2 } })
const writer = await pq.ParquetWriter.openFile(schema, 'prices.parquet')
const prices = [1.15, 0.29, 4.35, 8.2, 0.5]
for (const price of prices) await writer.appendRow({ price })
await writer.close()
const rows = await parquetReadObjects({ file: await asyncBufferFromFile('prices.parquet') })
const got = rows.map(({ price }) => price)
console.log('written', prices.join(' '), '\nread   ', got.join(' '))
process.exit(got.join(' ') === '1.14 0.28 4.34 8.19 0.5' ? 0 : 1)
JS
node t.mjs || { echo 'changed'; exit 1; }
echo 'confirmed: prices lose a cent'
