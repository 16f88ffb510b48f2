#!/usr/bin/env bash
# A From, To or P-Asserted-Identity with a tel: URI is nothing for two SIP stacks.
#
# Packages: sip.js 0.21.2, jssip 3.13.8 (npm); sipmessage 0.7.1 (PyPI) reads it.
# Guess: a name-addr with a tel: URI is parsed; number and parameters can be read.
# Basis: RFC 3261 defines addr-spec as SIP-URI / SIPS-URI / absoluteURI and names tel: in its
#   text (19.1.6); RFC 3325 lets P-Asserted-Identity carry a tel: URI, beside the sip: one.
# Seen: SIP.js and JsSIP answer undefined for <tel:+34911234567>, no error says why.
# Why it matters: carriers send the caller to be billed as tel: in P-Asserted-Identity. The
#   identity is silently absent and the call falls to From, or to no customer at all.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts sip.js@0.21.2 jssip@3.13.8 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check sipmessage==0.7.1
cat > t.mjs <<'JS'
import { Grammar } from 'sip.js/lib/grammar/index.js';
import { createRequire } from 'node:module';
const JsSIP = createRequire(import.meta.url)('jssip');
const parsers = { 'SIP.js': (v) => Grammar.nameAddrHeaderParse(v), JsSIP: (v) => JsSIP.NameAddrHeader.parse(v) };
for (const [name, parse] of Object.entries(parsers)) {
  const sip = parse('<sip:+34911234567@example.com>'), tel = parse('<tel:+34911234567>');
  console.log(`${name}: sip: ${sip?.uri}, tel: ${tel}`);
  if (String(sip?.uri) !== 'sip:+34911234567@example.com' || tel !== undefined) { console.error('changed: ' + name); process.exit(1); }
}
JS
node t.mjs
other=$(v/bin/python -c 'import sipmessage; print(sipmessage.Address.parse("<tel:+34911234567>").uri)')
echo "sipmessage: tel: $other"
[ "$other" = 'tel:+34911234567' ] || { echo 'changed: sipmessage' >&2; exit 1; }
echo 'confirmed: tel: is undefined in both JavaScript stacks'
