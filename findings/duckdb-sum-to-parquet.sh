#!/usr/bin/env bash
# DuckDB's sum of whole numbers becomes a floating-point column when it is written to Parquet.
#
# Packages: duckdb 2.0.1, pyarrow 26.0.1 (PyPI).
# Guess: sum() of a BIGINT column, exact in the session, is exact in the Parquet file.
# Basis: Parquet has DECIMAL up to 38 digits; DECIMAL columns of DuckDB arrive there exactly.
# Seen: sum(BIGINT) is a HUGEINT, and COPY writes HUGEINT as DOUBLE. Micro-units of money above
#   2^53 change their last digits, without a warning (open upstream: duckdb/duckdb #21180).
# Why it matters: money kept as whole micro-units, the "safe" way, is exact everywhere but in
#   the monthly total that is handed over. Cast the sum: sum(x)::DECIMAL(38,0) or ::BIGINT.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1
cat > t.py <<'PY'
import sys, duckdb, pyarrow.parquet as pq
db = duckdb.connect()
db.execute("create table charge(micros bigint); insert into charge values (9007199254740993), (10)")
exact = db.execute("select sum(micros), typeof(sum(micros)) from charge").fetchone()
db.execute("copy (select sum(micros) total, sum(micros)::decimal(38,0) cast_total from charge) to 't.parquet' (format parquet)")
table = pq.read_table("t.parquet")
total, cast = table["total"][0].as_py(), table["cast_total"][0].as_py()
print("in DuckDB:", exact, "| in the file:", table.schema.field("total").type, int(total), "| with a cast:", cast)
if exact != (9007199254741003, "HUGEINT") or str(table.schema.field("total").type) != "double" or int(total) != 9007199254741004 or int(cast) != exact[0]:
    sys.exit("changed")
print("confirmed: the total in the file is one micro-unit off, the cast one is right")
PY
v/bin/python t.py
