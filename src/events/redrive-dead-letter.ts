/**
 * Gives an event that could not be applied another try: the same facts, published again.
 *
 * Under a new message id, since the broker would take the old one for a repeat. It goes to the brand of the letter,
 * whoever sends it: a name that has passed to another brand since means nobody there. The dead letter is marked in
 * the caller's transaction. Should that fail, or be done twice, the settlement finds a repeat. Throws `NotFound`,
 * `ServiceUnavailable`.
 */

import { lockDeadLetter, markRedriven } from '../db/calls/dead-letters.ts'
import type { Tx } from '../db/connection.ts'
import { NotFound } from '../errors.ts'
import { newId } from '../uuid.ts'
import type { Broker } from './broker.ts'

export async function redriveDeadLetter(
  { tx, broker, now }: { tx: Tx; broker: Broker; now: number },
  id: string,
): Promise<void> {
  const letter = await lockDeadLetter(tx, id)
  if (!letter) throw new NotFound('dead letter', id)
  const { subject, body, brandId } = letter
  await broker.publish(subject, decodeBody(body), { msgId: `redrive:${newId(now)}`, brandId })
  await markRedriven(tx, { id, redrivenAt: now })
}

function decodeBody(body: string): Uint8Array {
  return body.startsWith('base64:') ? Buffer.from(body.slice(7), 'base64') : Buffer.from(body)
}
