#!/usr/bin/env bash
# An event that only passes through the JavaScript SDK of CloudEvents gets another time.
#
# Package: cloudevents 10.0.0 (npm).
# Guess: an event that is read and sent on keeps its attributes, time among them.
# Basis: CloudEvents 1.0.2: time is an RFC 3339 timestamp, any number of decimals and any offset;
#   intermediaries should pass attributes on unchanged.
# Seen: 2026-10-25T02:30:00.123456+02:00 leaves as 2026-10-25T00:30:00.123Z: microseconds cut, the
#   offset gone.
# Why it matters: the offset says which of the two 02:30 of that night is meant in local time, and
#   so the tariff window; two events of one millisecond lose their order; a signature over the
#   event no longer fits.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0 >/dev/null
cat > t.js <<'JS'
const { HTTP } = require('cloudevents');
const body = JSON.stringify({ specversion: '1.0', id: '1', source: '/switch', type: 'call.ended', time: '2026-10-25T02:30:00.123456+02:00', data: {} });
const event = HTTP.toEvent({ headers: { 'content-type': 'application/cloudevents+json' }, body });
const out = JSON.parse(HTTP.structured(event).body).time;
console.log('in  2026-10-25T02:30:00.123456+02:00\nout', out);
if (out !== '2026-10-25T00:30:00.123Z') { console.error('changed'); process.exit(1); }
console.log('confirmed: microseconds and offset are gone');
JS
node t.js
