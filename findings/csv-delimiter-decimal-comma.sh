#!/usr/bin/env bash
# Told that the decimal separator is a comma, DuckDB still splits a rate sheet at the comma.
#
# Package: duckdb 2.0.1 (PyPI).
# Guess: "setup;peak;night" with rows such as "1,5;2,5;3,5" is split at the semicolon; all the more
#   when read_csv is given decimal_separator=','.
# Basis: DuckDB's manual: the sniffer tries delimiters and keeps the one that gives the same number
#   of columns in every row. Only the semicolon fits the header as well; Python's csv.Sniffer
#   finds it.
# Seen: where every column carries a comma, the comma wins. The header is dropped for names
#   column0.., and decimal_separator=',' does not exclude the comma as the delimiter. No error.
# Why it matters: Spain, Germany, France and Italy send such sheets. 1,5;2,5;3,5 loads as four
#   columns 1 | 5;2 | 5;3 | 5: it fails, or worse does not, far from the cause. Name the delimiter.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check duckdb==2.0.1
cat > t.py <<'PY'
import csv, sys, duckdb
text = "setup;peak;night\n" + "".join(f"{i % 7},5;{i % 5},25;{i % 3},75\n" for i in range(1, 201))
open("t.csv", "w").write(text)
print("csv.Sniffer:", csv.Sniffer().sniff(text).delimiter, "| first row:", text.split("\n")[1])
for option in ("", ", decimal_separator=','"):
    r = duckdb.sql(f"select * from read_csv('t.csv'{option})")
    print("DuckDB" + option + ":", r.columns, r.fetchall()[0])
    if r.columns != ["column0", "column1", "column2", "column3"] or r.fetchall()[0] != (1, "5;1", "25;1", 75):
        sys.exit("changed: DuckDB")
r = duckdb.sql("select * from read_csv('t.csv', decimal_separator=',', delim=';')")
print("DuckDB with delim=';':", r.columns, r.fetchall()[0])
if r.fetchall()[0] != (1.5, 1.25, 1.75):
    sys.exit("changed: DuckDB with delim")
print("confirmed: the comma is taken as delimiter and decimal separator at once")
PY
v/bin/python t.py
