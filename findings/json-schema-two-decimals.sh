#!/usr/bin/env bash
# A price of 19.99 has more than two decimals for the JSON Schema validators Ajv and jsonschema.
#
# Packages: ajv 8.20.0, @cfworker/json-schema 4.1.6 (npm); jsonschema 4.26.0, jsonschema-rs 0.61.2 (PyPI).
# Guess: { "multipleOf": 0.01 } takes every amount with two decimals, in any validator.
# Basis: JSON Schema draft 2020-12, 6.2.1: valid is what divided by the keyword's value is an integer; JSON's numbers
#   are decimal. 19.99 / 0.01 = 1999. @cfworker/json-schema and jsonschema-rs take it.
# Seen: ajv and jsonschema divide binary fractions and refuse 19.99, 1.13, 0.29 and 4.35; 1.10 they take. (Ajv has an
#   option multipleOfPrecision, which is not set.)
# Why it matters: a price list that one side's validator has passed is refused by the other's, for some prices only.
#   Amounts as decimal text with a pattern mean the same everywhere.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > /dev/null
npm install --silent --no-audit --no-fund ajv@8.20.0 @cfworker/json-schema@4.1.6
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check jsonschema==4.26.0 jsonschema-rs==0.61.2
cat > t.mjs <<'JS'
import { Validator } from '@cfworker/json-schema'
import { Ajv } from 'ajv'
const schema = { type: 'number', multipleOf: 0.01 }
const ajv = new Ajv().compile(schema)
const cfworker = new Validator(schema)
for (const price of [19.99, 1.13, 0.29, 4.35, 1.1]) console.log(price, ajv(price), cfworker.validate(price).valid)
JS
cat > t.py <<'PY'
import jsonschema, jsonschema_rs
schema = {"type": "number", "multipleOf": 0.01}
for price in (19.99, 1.13, 0.29, 4.35, 1.1):
    print(price, str(jsonschema.Draft202012Validator(schema).is_valid(price)).lower(), str(jsonschema_rs.is_valid(schema, price)).lower())
PY
expected=$(printf '%s false true\n' 19.99 1.13 0.29 4.35; echo '1.1 true true')
js=$(node t.mjs); py=$(v/bin/python t.py)
echo 'price, ajv, @cfworker/json-schema:'; echo "$js"
echo 'price, jsonschema, jsonschema-rs:'; echo "$py"
[ "$js" = "$expected" ] || { echo 'changed: npm'; exit 1; }
[ "$py" = "$expected" ] || { echo 'changed: PyPI'; exit 1; }
echo 'confirmed: two of four refuse 19.99'
