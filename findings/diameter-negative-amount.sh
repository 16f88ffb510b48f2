#!/usr/bin/env bash
# A refund of 123.45 is sent as a charge of 42,949,549.51 by the Diameter package of npm.
#
# Package: diameter 0.7.0 (npm).
# Guess: Value-Digits -12345 with Exponent -2 is encoded as -123.45.
# Basis: RFC 8506 (credit control): Value-Digits is Integer64, Exponent Integer32, both signed; the
#   package takes plain numbers for both, and Exponent comes out right.
# Seen: a plain negative number gets 0 for its upper half: -12345 is sent as 4294954951. A Long
#   object is right. No error.
# Why it matters: the amount of a refund or correction in online charging turns into a large positive
#   one on the wire, by a value that a test with positive amounts never shows.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts diameter@0.7.0 >/dev/null
cat > t.js <<'JS'
const codec = require('diameter/lib/diameter-codec'), Long = require('long');
const sent = (digits) => {
  const message = codec.encodeMessage({
    header: { version: 1, flags: { request: true }, commandCode: 272, applicationId: 4, hopByHopId: 1, endToEndId: 2 }, command: 'Credit-Control',
    body: [['Granted-Service-Unit', [['CC-Money', [['Unit-Value', [['Value-Digits', digits], ['Exponent', -2]]], ['Currency-Code', 978]]]]]],
  });
  const [[, value], [, exponent]] = codec.decodeMessage(message).body[0][1][0][1][0][1];
  return `${value} e${exponent}`;
};
const got = [sent(12345), sent(-12345), sent(Long.fromNumber(-12345))];
console.log('12345 ->', got[0], '| -12345 ->', got[1], '| Long(-12345) ->', got[2]);
if (got.join() !== '12345 e-2,4294954951 e-2,-12345 e-2') { console.error('changed'); process.exit(1); }
console.log('confirmed: the sign is lost');
JS
node --no-deprecation t.js
