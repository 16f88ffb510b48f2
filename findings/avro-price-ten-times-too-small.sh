#!/usr/bin/env bash
# A price of 1.1 that the Python package of Apache Avro writes is read as 0.11.
#
# Packages: avro 1.12.2, fastavro 1.13.1 (PyPI).
# Guess: in a field of logical type decimal (precision 10, scale 2) Decimal("1.1") is written as 110 hundredths,
#   like Decimal("1.10"): the two are equal.
# Basis: Avro's specification: the bytes are the unscaled integer, the scale is the schema's. fastavro does so, and
#   both refuse 1.005, which has a digit too many.
# Seen: the digits of the value are written as they stand, whatever its exponent. 1.1 is stored as 11 and read back
#   as 0.11, 1 as 0.01, 1E+2 as 0.01; only values with exactly two decimals survive. No error, in bytes and in fixed.
# Why it matters: prices lose their trailing zeros on the way (Decimal.normalize, numeric without scale, JSON). An
#   export of calls for a warehouse is then ten or a hundred times too small, and only for round prices.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check avro==1.12.2 fastavro==1.13.1
cat > t.py <<'PY'
import io, json, sys
from decimal import Decimal
import avro.io, avro.schema, fastavro

def record(of):
    return {"type": "record", "name": "call", "fields": [{"name": "price", "type": {**of, "logicalType": "decimal", "precision": 10, "scale": 2}}]}

def by_avro(schema, price):
    parsed, file = avro.schema.parse(json.dumps(schema)), io.BytesIO()
    avro.io.DatumWriter(parsed).write({"price": price}, avro.io.BinaryEncoder(file))
    file.seek(0)
    return str(avro.io.DatumReader(parsed).read(avro.io.BinaryDecoder(file))["price"])

def by_fastavro(schema, price):
    file = io.BytesIO()
    fastavro.schemaless_writer(file, schema, {"price": price})
    file.seek(0)
    return str(fastavro.schemaless_reader(file, schema)["price"])

seen = {}
for kind in ({"type": "bytes"}, {"type": "fixed", "name": "amount", "size": 6}):
    for price in ("1.10", "1.1", "1", "1E+2"):
        pair = by_avro(record(kind), Decimal(price)), by_fastavro(record(kind), Decimal(price))
        print(f"{kind['type']:5} {price:>5} written and read: avro {pair[0]}, fastavro {pair[1]}")
        seen[kind["type"], price] = pair
expected = {"1.10": ("1.10", "1.10"), "1.1": ("0.11", "1.10"), "1": ("0.01", "1.00"), "1E+2": ("0.01", "100.00")}
if any(pair != expected[price] for (_, price), pair in seen.items()):
    sys.exit("changed")
print("confirmed: avro drops the exponent")
PY
v/bin/python t.py
