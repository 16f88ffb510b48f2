#!/usr/bin/env bash
# The tel: URI of a ported number is no phone number for four ports of libphonenumber.
#
# Packages: libphonenumber-js 1.13.16, google-libphonenumber 3.2.47, awesome-phonenumber 7.8.0
#   (npm), phonenumbers 9.0.43 (PyPI).
# Guess: tel:+34600111222;npdi;rn=+34704567 is read as +34600111222; parameters that a library does
#   not know are passed over, as they all do with ;isub= and ;ext=.
# Basis: RFC 4694 defines npdi and rn (routing number) for tel: URIs; by RFC 3966 an unknown
#   optional parameter is to be ignored. The libraries say that they read RFC 3966.
# Seen: with rn= or cic= every port answers "not a phone number"; with npdi alone three of four.
# Why it matters: after a number portability query calls carry npdi and rn. A biller that
#   normalises with these libraries loses the number of exactly those calls: it is unrated, or
#   billed to nobody. Cut the parameters off first.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libphonenumber-js@1.13.16 google-libphonenumber@3.2.47 awesome-phonenumber@7.8.0 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check phonenumbers==9.0.43
cat > t.js <<'JS'
const js = require('libphonenumber-js/max'), google = require('google-libphonenumber').PhoneNumberUtil.getInstance(), { parsePhoneNumber } = require('awesome-phonenumber');
const attempt = (f) => { try { return f() ?? 'none'; } catch { return 'none'; } };
const yes = '+34600111222';
const wanted = {
  'tel:+34600111222': [yes, yes, yes], 'tel:+34600111222;isub=12': [yes, yes, yes], 'tel:+34600111222;npdi': [yes, 'none', 'none'],
  'tel:+34600111222;npdi;rn=+34704567': ['none', 'none', 'none'], 'tel:+34600111222;cic=+34123': ['none', 'none', 'none'],
};
for (const [text, numbers] of Object.entries(wanted)) {
  const got = [attempt(() => js.parsePhoneNumberFromString(text, 'ES')?.number), attempt(() => google.format(google.parse(text, 'ES'), 0)), attempt(() => parsePhoneNumber(text, { regionCode: 'ES' }).number?.e164)];
  console.log(`${text}: libphonenumber-js ${got[0]}, google-libphonenumber ${got[1]}, awesome-phonenumber ${got[2]}`);
  if (got.join() !== numbers.join()) { console.error('changed'); process.exit(1); }
}
JS
node t.js
cat > t.py <<'PY'
import sys, phonenumbers
def read(text):
    try:
        return phonenumbers.format_number(phonenumbers.parse(text, "ES"), 0)
    except phonenumbers.NumberParseException:
        return "none"
got = [read("tel:+34600111222" + p) for p in ("", ";isub=12", ";npdi", ";npdi;rn=+34704567", ";cic=+34123")]
print("phonenumbers:", got)
sys.exit(None if got == ["+34600111222", "+34600111222", "none", "none", "none"] else "changed: phonenumbers")
PY
v/bin/python t.py
echo 'confirmed: rn and cic make the number unreadable in all four'
