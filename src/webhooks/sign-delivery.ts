/**
 * Headers of a delivery, as Standard Webhooks has them: who receives it checks id, instant and signature.
 *
 * Source: https://www.standardwebhooks.com, version 1 (HMAC-SHA256). Each secret signs: after a rotation the old one for a day more.
 */
import { Webhook } from 'standardwebhooks'

/** What secrets begin with where they are shown; the rest is base64. */
export const secretPrefix = 'whsec_'

export function signDelivery(
  { eventId, body }: { eventId: string; body: string },
  secrets: readonly string[],
  now: number,
): Record<string, string> {
  const at = new Date(now)
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'tollgate',
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(eventId, at, body)).join(' '),
  }
}
