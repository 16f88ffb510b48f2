/**
 * Writes down which guards have tripped, and tells it: a fact and a mail per guard, client and hour, in the transaction that
 * makes the hour's row. Whoever comes second, on this replica or another, adds what it refused.
 */
import { inBatch } from '../../db/batch.ts'
import { instantText } from '../../db/columns.ts'
import { upsertGuardEvents } from '../../db/guards/guard-events.ts'
import { makeFact } from '../../ledger/fact.ts'
import { Ledger } from '../../ledger/ledger.ts'
import type { Mail } from '../../ledger/mail.ts'
import { termsAt } from '../../limits/client.ts'
import { formatAmount } from '../../money.ts'
import { newId } from '../../uuid.ts'
import type { CallsContext } from '../calls-context.ts'
import type { TrippedGuard } from './tripped-guards.ts'

/** Answers how many it told. */
export async function tellTrippedGuards(context: CallsContext): Promise<number> {
  const { configuration, db, guards, clock } = context
  const tripped = guards.tripped
    .take()
    // Nobody is told of a client that is gone.
    .filter(({ client }) => configuration.findClient(client.id, clock()))
  if (tripped.length === 0) return 0
  const now = clock()
  try {
    const told = await inBatch(db.$client, async (batch) => {
      const made = await upsertGuardEvents(
        batch.tx,
        tripped.map((one) => makeEvent(one, now)),
      )
      const first = tripped.filter((_, place) => made[place])
      const ledger = new Ledger(now)
      for (const one of first) {
        ledger.appendFact(makeFact('billing.guards.tripped', one.client.id, factData(one), now))
        const recipient = findRecipient(one, configuration.getBrand(one.client.brandId).mail)
        if (recipient !== null) ledger.mail(makeMail(one, recipient, now))
      }
      await batch.commitAfter(ledger.write(batch.tx))
      return { count: first.length, news: ledger.news }
    })
    if (told.count > 0) context.onCommitted(told.news)
    return told.count
  } catch (error) {
    guards.tripped.giveBack(tripped)
    throw error
  }
}

function makeEvent({ client, trip, hourAt, lastAt, refused }: TrippedGuard, now: number) {
  const { guard, limit, action, at, spent } = trip
  return {
    id: newId(now),
    brandId: client.brandId,
    clientId: client.id,
    guardId: guard.id,
    guardName: guard.name,
    action,
    limitName: limit,
    limitValue: limitText(trip),
    currency: spent === null ? null : guard.currency,
    hourAt,
    trippedAt: at,
    lastAt,
    refused,
    spent,
  }
}

function limitText({ guard, limit }: TrippedGuard['trip']): string {
  const value = guard.limits[limit]
  return typeof value === 'object' ? formatAmount(value) : String(value)
}

function factData({ client, trip }: TrippedGuard): Record<string, unknown> {
  const { guard, limit, action, at, spent } = trip
  return {
    clientId: client.id,
    guard: { id: guard.id, name: guard.name },
    action,
    limit: { name: limit, value: limitText(trip) },
    spent: spent === null ? null : formatAmount(spent),
    currency: guard.currency,
    at: instantText(at),
  }
}

/** The guard's own address, else the one of the client's daily limit, else where the brand's mails are answered. */
function findRecipient(
  { client, trip }: TrippedGuard,
  brandMail: { replyTo: string | null; fromAddress: string | null } | null,
): string | null {
  return trip.guard.email ?? client.maxDailyUsageEmail ?? brandMail?.replyTo ?? brandMail?.fromAddress ?? null
}

function makeMail({ client, trip, hourAt }: TrippedGuard, recipient: string, now: number): Mail {
  const { guard, limit, action, at, spent } = trip
  return {
    id: newId(now),
    kind: 'spend-guard',
    source: `${guard.id}:${client.id}:${instantText(hourAt)}`,
    brandId: client.brandId,
    clientId: client.id,
    recipient,
    content: {
      clientName: client.name,
      guardName: guard.name,
      action,
      limitName: limit,
      limitValue: limitText(trip),
      spent: spent === null ? null : formatAmount(spent),
      currency: guard.currency,
      at: instantText(at),
      timeZone: termsAt(client.terms, at).timeZone,
      language: client.language,
    },
    createdAt: now,
  }
}
