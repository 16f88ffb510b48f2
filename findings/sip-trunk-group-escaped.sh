#!/usr/bin/env bash
# Two SIP stacks rewrite the trunk group in a request URI, so that it is another URI.
#
# Packages: sip.js 0.21.2, jssip 3.13.8 (npm).
# Guess: a URI that is parsed and written again is equal to the first one.
# Basis: RFC 3261 allows ";" and "=" as they are in the user part; RFC 4904 puts the trunk group
#   there (;tgrp=...;trunk-context=...), RFC 3966 the phone-context. By RFC 3261 19.1.4 a
#   reserved character and its %HH form are NOT equal.
# Seen: both write %3B and %3D in place of ";" and "=".
# Why it matters: the trunk group says which carrier and price list a call belongs to. After a
#   pass through such a stack a switch or a biller that compares URIs by the RFC finds no group.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts sip.js@0.21.2 jssip@3.13.8 >/dev/null
cat > t.mjs <<'JS'
import { Grammar } from 'sip.js/lib/grammar/index.js';
import { createRequire } from 'node:module';
const JsSIP = createRequire(import.meta.url)('jssip');
const uri = 'sip:+12155550100;tgrp=TG-1;trunk-context=example.com@gw.example.com;user=phone';
const wanted = 'sip:+12155550100%3Btgrp%3DTG-1%3Btrunk-context%3Dexample.com@gw.example.com;user=phone';
console.log('in:    ', uri);
for (const [name, out] of [['SIP.js', String(Grammar.URIParse(uri))], ['JsSIP', String(JsSIP.URI.parse(uri))]]) {
  console.log(`${name}: ${out}`);
  if (out !== wanted) { console.error('changed: ' + name); process.exit(1); }
}
console.log('confirmed: the separators of the trunk group are escaped');
JS
node t.mjs
