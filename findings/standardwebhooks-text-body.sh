#!/usr/bin/env bash
# A webhook whose body is text is signed rightly, and its receiver gets a SyntaxError.
#
# Package: standardwebhooks 1.1.1 (npm).
# Guess: verify() of a body that is not JSON answers it or throws WebhookVerificationError, the only error its
#   documentation names.
# Basis: the Standard Webhooks text signs bytes and leaves their format to the sender; sign() takes any text.
# Seen: the signature is found good, then JSON.parse throws SyntaxError. With the option { jsonParse: false } it
#   answers nothing and throws nothing.
# Why it matters: receivers that catch WebhookVerificationError answer 500 to a message that is whole and
#   authentic, CSV for example, and the sender repeats it for days.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts standardwebhooks@1.1.1
cat > t.mjs <<'JS'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
const hook = new Webhook(`whsec_${Buffer.from('an example secret of 32 bytes...').toString('base64')}`)
const body = 'prefix,rate\n34,0.02\n'
const now = new Date()
const headers = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
  'webhook-signature': hook.sign('msg_1', now, body),
}
const attempt = (...options) => {
  try {
    return JSON.stringify(hook.verify(body, headers, ...options))
  } catch (error) {
    return `${error.constructor.name}, is a WebhookVerificationError: ${error instanceof WebhookVerificationError}`
  }
}
const got = [attempt(), attempt({ jsonParse: false })]
console.log('verify(body, headers):', got[0], '\nwith jsonParse false: ', got[1])
process.exit(got[0] === 'SyntaxError, is a WebhookVerificationError: false' && got[1] === undefined ? 0 : 1)
JS
node t.mjs || { echo 'changed'; exit 1; }
echo 'confirmed: a good signature ends in a SyntaxError'
