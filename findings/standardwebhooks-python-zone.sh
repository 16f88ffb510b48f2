#!/usr/bin/env bash
# A webhook that Python signs at a time with a zone does not verify, only because of the zone.
#
# Package: standardwebhooks 1.1.0 (PyPI).
# Guess: sign() takes an aware datetime; the same instant in UTC and in Kolkata gives one signature.
# Basis: the Standard Webhooks text signs the whole seconds since 1970; an aware datetime has one such
#   number, whatever its zone.
# Seen: sign() replaces the zone by UTC instead of converting: noon in Kolkata is signed as noon UTC.
#   The receiver, who takes the header's seconds, finds no matching signature.
# Why it matters: timestamps read from a database come with the session's zone. Deliveries work on a
#   server set to UTC and fail on the others. Call .astimezone(timezone.utc) first.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv v && v/bin/pip -q install --disable-pip-version-check standardwebhooks==1.1.0
cat > t.py <<'PY'
import base64, sys
from datetime import datetime, timedelta, timezone
from standardwebhooks import Webhook, WebhookVerificationError
hook = Webhook("whsec_" + base64.b64encode(b"an example secret of 32 bytes...").decode())
now = datetime.now(timezone.utc).replace(microsecond=0)
got = []
for when in (now, now.astimezone(timezone(timedelta(hours=5, minutes=30)))):
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(when.timestamp())), "webhook-signature": hook.sign("msg_1", when, "{}")}
    try:
        hook.verify("{}", headers)
        got.append("verified")
    except WebhookVerificationError as e:
        got.append(str(e))
    print("signed at", when.tzname(), "->", got[-1])
sys.exit(None if got == ["verified", "No matching signature found"] else "changed")
PY
v/bin/python t.py
echo 'confirmed: the zone alone breaks the signature'
