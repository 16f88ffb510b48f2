#!/usr/bin/env bash
# The subject of a CloudEvent arrives with its percent signs when JavaScript reads it.
#
# Packages: cloudevents 10.0.0 (npm), cloudevents 2.2.0 (PyPI).
# Guess: an event in binary HTTP mode that Python's SDK writes is read by the JavaScript SDK with the
#   same subject.
# Basis: CloudEvents 1.0.2, HTTP binding 3.1.3.2: a space, a quote, a percent sign and letters beyond
#   ASCII are percent-encoded in header values, and the receiver must decode them.
# Seen: Python writes ce-subject: invoice%202026/1; the JavaScript SDK gives "invoice%202026/1" as the
#   subject, and writes spaces unencoded itself.
# Why it matters: the subject is the invoice or the account that an event is about. Look-ups by
#   subject fail for the few that hold a blank or an accent, and only between two languages.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0 >/dev/null
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check cloudevents==2.2.0
v/bin/python - > message.json <<'PY'
import json
from cloudevents.core.v1.event import CloudEvent
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.bindings.http import to_binary
from datetime import datetime, timezone
m = to_binary(CloudEvent(attributes={"id": "1", "source": "/billing", "type": "invoice.issued", "subject": "invoice 2026/1", "specversion": "1.0", "time": datetime(2026, 1, 31, tzinfo=timezone.utc), "datacontenttype": "application/json"}, data={"total": "1.10"}), JSONFormat())
print(json.dumps({"headers": m.headers, "body": m.body.decode()}))
PY
cat > t.js <<'JS'
const { HTTP } = require('cloudevents'), message = JSON.parse(require('node:fs').readFileSync('message.json', 'utf8'));
const event = HTTP.toEvent(message);
console.log('header:', message.headers['ce-subject'], '| read by JavaScript:', event.subject, '| written by JavaScript:', HTTP.binary(event.cloneWith({ subject: 'invoice 2026/1' })).headers['ce-subject']);
if (message.headers['ce-subject'] !== 'invoice%202026/1' || event.subject !== 'invoice%202026/1') { console.error('changed'); process.exit(1); }
console.log('confirmed: not decoded');
JS
node t.js
