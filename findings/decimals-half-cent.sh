#!/usr/bin/env bash
# The same half cent is rounded up by DuckDB and to the even neighbour by Polars.
#
# Packages: duckdb 2.0.1, polars 2.1.0 (PyPI).
# Guess: casting a decimal to two places rounds half away from zero in both, as PostgreSQL's
#   numeric does and as invoices are written; or the cast is refused where digits would go.
# Basis: SQL engines' usage. Polars documents half-to-even for round(), but nothing for a cast, a
#   CSV column or a constructor; both types are exact before the cast.
# Seen: 0.125 is 0.13 in DuckDB and 0.12 in Polars. Polars does it on cast, on round(), while it
#   reads a CSV with a decimal column and even when a Series is built from Python's Decimal.
# Why it matters: a report made with one and checked with the other differs by a cent per
#   thousand lines; a CSV of four-decimal charges is already rounded when it is in memory.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1 polars==2.1.0
cat > t.py <<'PY'
import sys, duckdb, polars as pl
from decimal import Decimal as D
texts = ["0.125", "-0.125", "1.005", "0.005", "0.135"]
two = pl.Decimal(18, 2)
exact = pl.Series([D(t) for t in texts], dtype=pl.Decimal(18, 3))
got = {
    "DuckDB cast": [str(duckdb.execute(f"select '{t}'::decimal(18,3)::decimal(18,2)").fetchone()[0]) for t in texts],
    "Polars cast": [str(x) for x in exact.cast(two)],
    "Polars round": [str(x.quantize(D("0.01"))) for x in exact.round(2)],
    "Polars from Decimal": [str(x) for x in pl.Series([D(t) for t in texts], dtype=two)],
    "Polars CSV": [str(x) for x in pl.read_csv(("c\n" + "\n".join(texts) + "\n").encode(), schema={"c": two})["c"]],
}
print("input", texts)
away, even = ["0.13", "-0.13", "1.01", "0.01", "0.14"], ["0.12", "-0.12", "1.00", "0.00", "0.14"]
for name, values in got.items():
    print(name, values)
    values = [v.replace("-0.00", "0.00") for v in values]
    if values != (away if name.startswith("DuckDB") else even):
        sys.exit("changed: " + name)
print("confirmed: half away from zero there, half to even here")
PY
v/bin/python t.py
