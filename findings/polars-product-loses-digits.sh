#!/usr/bin/env bash
# In Polars the product of two decimals keeps only the longer of the two scales.
#
# Packages: polars 2.1.0, duckdb 2.0.1 (PyPI).
# Guess: rate 0.0125 times 0.5 minutes is 0.00625; a product of decimals has the sum of both
#   scales, or the operation fails.
# Basis: SQL:2016 gives a product the scale S1 + S2; DuckDB, PostgreSQL and pyarrow follow it.
# Seen: Polars answers 0.0062 with scale 4, rounded half to even, at precision 38 where there is
#   room for the missing digit. DuckDB answers 0.00625, DECIMAL(14,5).
# Why it matters: the rounding happens before the sum, in every single call. 10,000 calls of
#   half a minute at 0.0125 are 62.50, in Polars 62.00. Cast one factor to a wider scale first.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1 polars==2.1.0
cat > t.py <<'PY'
import sys, duckdb, polars as pl
from decimal import Decimal as D
calls = pl.DataFrame({"rate": pl.Series([D("0.0125")] * 10000, dtype=pl.Decimal(10, 4)), "minutes": pl.Series([D("0.5")] * 10000, dtype=pl.Decimal(6, 1))})
charge = calls.select((pl.col("rate") * pl.col("minutes")).alias("c"))["c"]
wide = calls.select((pl.col("rate").cast(pl.Decimal(38, 6)) * pl.col("minutes")).sum().alias("c"))["c"][0]
duck = duckdb.execute("select 0.0125::decimal(10,4) * 0.5::decimal(6,1) v, typeof(v)").fetchone()
print("Polars:", charge[0], charge.dtype, "sum", charge.sum(), "| with six places first:", wide, "| DuckDB:", duck)
if (charge[0], charge.sum(), wide, duck[0]) != (D("0.0062"), D("62.0000"), D("62.500000"), D("0.00625")):
    sys.exit("changed")
print("confirmed: 62.00 instead of 62.50 for the same 10,000 calls")
PY
v/bin/python t.py
