#!/usr/bin/env bash
# All numbers of satellite, freephone and premium world codes are invalid for awesome-phonenumber.
#
# Packages: awesome-phonenumber 7.8.0, google-libphonenumber 3.2.47, libphonenumber-js 1.13.16 (npm).
# Guess: awesome-phonenumber, Google's library compiled ahead, gives Google's verdicts.
# Basis: its description; ITU-T E.164 assigns +800, +870, +881, +882, +883, +979 to no country, and
#   Google's data know them (region "001").
# Seen: "invalid-country-code", no E.164 form, while both others call the number valid and name
#   its type. It finds region "001" and then takes it for an unknown country.
# Why it matters: these are the dearest destinations there are. A check that refuses or skips
#   what is "invalid" leaves satellite and premium calls unrated, or drops the caller id.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libphonenumber-js@1.13.16 google-libphonenumber@3.2.47 awesome-phonenumber@7.8.0 >/dev/null
cat > t.js <<'JS'
const js = require('libphonenumber-js/max'), google = require('google-libphonenumber').PhoneNumberUtil.getInstance(), { parsePhoneNumber } = require('awesome-phonenumber');
for (const number of ['+80012345678', '+870773123456', '+8821612345678', '+979123456789', '+34600111222']) {
  const other = parsePhoneNumber(number), wanted = number.startsWith('+34');
  const valid = [js.parsePhoneNumberFromString(number).isValid(), google.isValidNumber(google.parse(number)), other.valid];
  console.log(number, 'libphonenumber-js', valid[0], 'google-libphonenumber', valid[1], 'awesome-phonenumber', valid[2], other.possibility, other.number?.e164);
  if (valid.join() !== [true, true, wanted].join()) { console.error('changed'); process.exit(1); }
}
console.log('confirmed: numbers of the world codes are refused, national ones are not');
JS
node t.js
