#!/usr/bin/env bash
# A name that an invoice spells Caf&#233; stays Caf&#233; when fast-xml-parser reads it.
#
# Packages: fast-xml-parser 5.12.1 (npm); Python's own XML parser beside it.
# Guess: a numeric character reference in text or attribute is read as its character, as &amp; is.
# Basis: XML 1.0 sections 4.1 and 4.4: every processor includes a character reference immediately; it
#   is part of XML, not of HTML. The package's processEntities is on, and &amp; and &lt; are decoded.
# Seen: &#233; and &#xE9; are left as they stand unless htmlEntities is set.
# Why it matters: many writers of UBL and CII escape all that is not ASCII this way. Names and
#   descriptions differ between two readers of one invoice, are escaped once more on writing
#   (&amp;#233;), and a comparison with the customer's record fails.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts fast-xml-parser@5.12.1 >/dev/null
cat > t.js <<'JS'
const { XMLParser } = require('fast-xml-parser');
const xml = '<Party><Name>Caf&#233; &#xE9; &amp; Co</Name></Party>';
const plain = new XMLParser().parse(xml).Party.Name, html = new XMLParser({ htmlEntities: true }).parse(xml).Party.Name;
console.log('fast-xml-parser:', plain, '| with htmlEntities:', html);
if (plain !== 'Caf&#233; &#xE9; & Co' || html !== 'Caf\u00e9 \u00e9 & Co') { console.error('changed'); process.exit(1); }
JS
node t.js
python3 -c "
import xml.etree.ElementTree as E
got = E.fromstring('<Party><Name>Caf&#233; &#xE9; &amp; Co</Name></Party>')[0].text
assert got == 'Caf\u00e9 \u00e9 & Co', got
print('Python: the characters themselves')"
echo 'confirmed: character references are left as text'
