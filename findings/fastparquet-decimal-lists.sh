#!/usr/bin/env bash
# fastparquet reads a list of prices a hundred times too high.
#
# Packages: fastparquet 2026.9.0, duckdb 2.0.1 (PyPI).
# Guess: a DECIMAL inside a list or a struct is read as the same number as a DECIMAL of its own
#   (a float at worst, as fastparquet's manual says of decimals).
# Basis: Parquet's DECIMAL annotation belongs to the leaf column, nested or not; DuckDB and pyarrow read it.
# Seen: the plain column comes as 12.34, the one in a list as 1234: the stored whole number
#   without its scale. Dates in lists come as day numbers in the same way. No error.
# Why it matters: rate tiers and tax lines are lists of amounts. 12.34 becomes 1234 in one
#   reader, and only for the nested column, so that a check of the flat total passes.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1 fastparquet==2026.9.0
cat > t.py <<'PY'
import sys, duckdb, fastparquet
duckdb.execute("""copy (select 12.34::decimal(9,2) flat, [12.34, 0.50]::decimal(9,2)[] tiers,
  [date '2026-01-31'] as valid_days) to 't.parquet' (format parquet)""")
row = fastparquet.ParquetFile("t.parquet").to_pandas().iloc[0]
flat, tiers, days = float(row["flat"]), [int(x) for x in row["tiers"]], [int(x) for x in row["valid_days"]]
print("fastparquet:", flat, tiers, days, "| DuckDB:", duckdb.execute("select * from 't.parquet'").fetchone())
if (flat, tiers, days) != (12.34, [1234, 50], [20484]):
    sys.exit("changed")
print("confirmed: flat 12.34, nested 1234")
PY
v/bin/python t.py
