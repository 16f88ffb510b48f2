#!/usr/bin/env bash
# A number 1 in an MMDB file becomes true, or true becomes 1, depending on what came first.
#
# Packages: mmdb_writer 0.2.7, maxminddb 3.2.0, netaddr 1.3.0 (PyPI).
# Guess: a database written by mmdb_writer gives every record back with the types it was given.
# Basis: the MaxMind DB format has boolean, integers and double as separate types; the writer's
#   manual maps Python's bool, int and float to them.
# Seen: the writer shares equal values, and in Python True == 1 == 1.0. After one record with
#   {"eu": True} a record {"zone": 1} is stored as {"zone": true}; the other way round the flag
#   is stored as 1; a 1.0 turns the 1 of another network into a double.
# Why it matters: an own prefix or address table with zone 1 and a flag somewhere: strict
#   readers (=== 1, typed structs, JSON schemas) no longer find zone 1, and it depends on the
#   order of unrelated rows. Store zones as text.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check mmdb_writer==0.2.7 maxminddb==3.2.0 netaddr==1.3.0
cat > t.py <<'PY'
import sys, maxminddb
from mmdb_writer import MMDBWriter
from netaddr import IPSet
def through(first, second):
    w = MMDBWriter(ip_version=4, database_type="Zones")
    w.insert_network(IPSet(["192.0.2.0/24"]), first)
    w.insert_network(IPSet(["198.51.100.0/24"]), second)
    w.to_db_file("t.mmdb")
    with maxminddb.open_database("t.mmdb") as r:
        return repr(r.get("192.0.2.1")), repr(r.get("198.51.100.1"))
for first, second, wanted in [
    ({"eu": True}, {"zone": 1}, ("{'eu': True}", "{'zone': True}")),
    ({"zone": 1}, {"eu": True}, ("{'zone': 1}", "{'eu': 1}")),
    ({"share": 1.0}, {"zone": 1}, ("{'share': 1.0}", "{'zone': 1.0}")),
    ({"eu": True}, {"zone": 2}, ("{'eu': True}", "{'zone': 2}")),
]:
    got = through(first, second)
    print("written", first, second, "-> read", *got)
    if got != wanted:
        sys.exit("changed")
print("confirmed: the type of 1 depends on another network's record")
PY
v/bin/python t.py
