#!/usr/bin/env bash
# A French price prints an empty box between its thousands in a PDF with Noto Sans.
#
# Packages: @fontsource/noto-sans 5.3.0, pdfkit 0.20.2, fontkit 2.0.4 (npm), pypdf 7.1.1 (PyPI).
# Guess: the "latin" file of the font has what Intl writes for fr-FR.
# Basis: the package's unicode.json (and its CSS) says that the latin file covers U+2000-206F, and fr-FR
#   groups thousands with U+202F, the narrow no-break space.
# Seen: U+202F has no glyph there. pdfkit draws glyph 0, an empty box, without a word; text taken out of
#   the PDF has a NUL in the amount: -1\x00234,50.
# Why it matters: every French total from 1,000 up is marred on paper and unreadable for whoever takes
#   the amount out of the PDF. Replace U+202F by U+00A0, which is there.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @fontsource/noto-sans@5.3.0 pdfkit@0.20.2 fontkit@2.0.4 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check pypdf==7.1.1
cat > t.js <<'JS'
const root = 'node_modules/@fontsource/noto-sans/', file = root + 'files/noto-sans-latin-400-normal.woff', fs = require('node:fs');
const claim = JSON.parse(fs.readFileSync(root + 'unicode.json', 'utf8')).latin, font = require('fontkit').openSync(file);
const price = '-1\u202f234,50\u00a0\u20ac'; // what Intl.NumberFormat('fr-FR', EUR) writes
const got = [claim.includes('U+2000-206F'), font.hasGlyphForCodePoint(0x202f), font.hasGlyphForCodePoint(0xa0)];
console.log('range claimed:', got[0], '| has U+202F:', got[1], '| has U+00A0:', got[2]);
if (got.join() !== 'true,false,true') { console.error('changed'); process.exit(1); }
const pdf = new (require('pdfkit'))();
pdf.pipe(fs.createWriteStream('t.pdf'));
pdf.font(file).text(price);
pdf.end();
JS
node t.js
v/bin/python -c '
import sys
from pypdf import PdfReader
text = PdfReader("t.pdf").pages[0].extract_text()
print("text of the PDF:", ascii(text))
sys.exit(None if "-1\x00234,50" in text else "changed")'
echo 'confirmed: the separator has no glyph'
