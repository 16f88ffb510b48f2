/**
 * The fields of a call, one row each. From here come the table `calls` (`schema/calls.ts`), the type `Call` and a new
 * call (`calls/call.ts`), reading and writing (`calls.ts`), the record that answers and facts show
 * (`calls/call-record.ts`), lists (`list-calls.ts`), the API's schema and the columns of the report.
 *
 * Instants are milliseconds since 1970 in UTC, amounts Decimals. A field is null until it is known. The order is
 * that of answers and reports; a new field that is shown stands behind those that are.
 */

import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, smallint, text, uuid } from 'drizzle-orm/pg-core'
import type { CallStatus } from '../../calls/call.ts'
import type { StoredDraw } from '../../ledger/stored-draw.ts'
import type { HangupReason } from '../../limits/reasons.ts'
import { amount, instant, localDay } from '../columns.ts'

interface CallField {
  column: unknown
  /** `answers`: in answers and facts; `reports`: there and in the report of calls. Absent: our own affair. */
  shown?: 'answers' | 'reports'
  /** A text from a closed list: no spreadsheet ever runs it. */
  word?: true
  /** A grant sets it; all else is the table's default when a grant is written. */
  granted?: true
}

const granted = true
const word = true

export const callTable = {
  clientId: { column: uuid('client_id').notNull(), shown: 'reports', granted },
  /** One billable leg; unique within the client. */
  callId: { column: text('call_id').notNull(), shown: 'reports', granted },
  direction: {
    column: text('direction').$type<'outbound' | 'inbound'>().notNull(),
    shown: 'reports',
    word,
    granted,
  },
  status: { column: text('status').$type<CallStatus>().notNull(), shown: 'reports', word, granted },
  /** Why it was rejected; from the authorization's list of reasons. */
  reason: { column: text('reason'), shown: 'reports', word },
  from: { column: text('from_number'), shown: 'reports', granted },
  to: { column: text('to_number').notNull(), shown: 'reports', granted },
  toNormalized: { column: text('to_normalized'), shown: 'reports', granted },

  startedAt: { column: instant('started_at'), shown: 'reports' },
  answeredAt: { column: instant('answered_at'), shown: 'reports' },
  endedAt: { column: instant('ended_at'), shown: 'reports' },
  durationSeconds: { column: integer('duration_seconds'), shown: 'reports' },
  billedSeconds: { column: integer('billed_seconds'), shown: 'reports' },
  price: { column: amount('price'), shown: 'reports' },
  currency: { column: text('currency'), shown: 'reports', word },
  destination: { column: text('destination'), shown: 'reports', granted },
  prefix: { column: text('prefix'), shown: 'reports', granted },
  usageDay: { column: localDay('usage_day'), shown: 'reports' },
  ratingPlanId: { column: uuid('rating_plan_id'), shown: 'reports' },
  ratingProfileId: { column: uuid('rating_profile_id'), shown: 'reports' },
  rateDeckId: { column: uuid('rate_deck_id'), shown: 'reports' },

  labels: { column: jsonb('labels').$type<Record<string, string>>(), shown: 'reports', granted },
  /** The switch that owns the leg. */
  engine: { column: text('engine'), shown: 'reports', granted },
  /** What the switch needs to find the leg again. */
  engineRef: { column: text('engine_ref'), shown: 'answers', granted },
  sipCallId: { column: text('sip_call_id'), shown: 'reports', granted },
  forwardedFrom: { column: text('forwarded_from'), shown: 'reports', granted },
  /** The client being called, which decides on outbound legs. */
  toClientId: { column: uuid('to_client_id'), shown: 'reports', granted },
  /** The client that calls, which decides on inbound legs. */
  fromClientId: { column: uuid('from_client_id'), shown: 'answers', granted },
  special: { column: boolean('special').notNull().default(false), shown: 'answers' },
  internal: { column: boolean('internal').notNull().default(false), shown: 'answers' },
  cause: { column: smallint('cause'), shown: 'reports' },
  sipCode: { column: smallint('sip_code'), shown: 'reports' },
  endedBy: { column: text('ended_by'), shown: 'reports', word },
  /** Ended by event, charged by policy, flagged: `no_start`, `destination_changed`, `late_end`, `overrun`, `unauthorized` … */
  flags: { column: text('flags').array().notNull().default(sql`'{}'`), shown: 'reports' },
  authorizedAt: { column: instant('authorized_at'), shown: 'answers', granted },
  /** When a grant that no start follows gives back what it holds. */
  expiresAt: { column: instant('expires_at'), shown: 'answers', granted },
  maxDurationSeconds: { column: integer('max_duration_seconds'), shown: 'answers', granted },
  createdAt: { column: instant('created_at').notNull(), shown: 'answers', granted },
  settledAt: { column: instant('settled_at'), shown: 'answers' },
  /** It was to be down by then and ended within a second after: priced and timed to that instant instead of its end. */
  cutAt: { column: instant('cut_at'), shown: 'answers' },
  /** Code of the carrier that the engine handed the leg to. It and what follows from it is never shown to a client. */
  carrier: { column: text('carrier'), shown: 'reports' },
  carrierId: { column: uuid('carrier_id'), shown: 'answers' },
  /** What the carrier takes, in its own currency. */
  cost: { column: amount('cost'), shown: 'reports' },
  costCurrency: { column: text('cost_currency'), shown: 'reports', word },
  /** Why there is no cost, though there is a carrier. */
  costReason: { column: text('cost_reason'), shown: 'reports', word },
  /** Price minus cost in the client's currency; null: no cost, or no exchange rate at the answer. */
  margin: { column: amount('margin'), shown: 'reports' },
  /** Seconds of the increments that allowances pay; among the billed ones. */
  coveredSeconds: { column: integer('covered_seconds'), shown: 'reports' },
  /** What it took of allowances. */
  allowances: { column: jsonb('allowances').$type<readonly StoredDraw[]>(), shown: 'answers' },

  brandId: { column: uuid('brand_id').notNull(), granted },
  holdsClientSlot: { column: boolean('holds_client_slot').notNull().default(false), granted },
  holdsBrandSlot: { column: boolean('holds_brand_slot').notNull().default(false), granted },
  reserved: { column: amount('reserved').notNull().default(sql`0`), granted },
  /** The day whose usage shows the reservation. */
  reservedDay: { column: localDay('reserved_day'), granted },
  /** Seconds of the call that the reservation buys. */
  reservedSeconds: { column: integer('reserved_seconds').notNull().default(0), granted },

  /** What it holds of allowances while it runs. */
  heldAllowances: { column: jsonb('held_allowances').$type<readonly StoredDraw[]>(), granted },

  /** `maxDurationSeconds` as the engine was last told it. */
  grantedSeconds: { column: integer('granted_seconds'), granted },

  /** Last heartbeat: start, answer, alive or the engine's list. */
  aliveAt: { column: instant('alive_at') },
  /** Digests of the facts of the accepted halves. */
  startDigest: { column: text('start_digest') },
  answerDigest: { column: text('answer_digest') },
  endDigest: { column: text('end_digest') },
  /** An end without answer time that still waits for its start or answer: unanswered for now after this instant. */
  answerAwaitedUntil: { column: instant('answer_awaited_until') },
  rollupId: { column: uuid('rollup_id') },
  /** Of the number called, by rating/country-of-number.ts; empty: no country's. null: settled before it was kept. */
  country: { column: text('country') },
  /** Compact JSON, see rating/explanation.ts. */
  explanation: { column: text('explanation') },

  /** Why it is to be hung up, and the instant by which the leg must be down; null: it may run on. */
  hangupReason: { column: text('hangup_reason').$type<HangupReason>() },
  hangupEndBy: { column: instant('hangup_end_by') },
  /** Each instant by which it was told to be down, withdrawn ones too: RFC 3339 text. */
  hangupEnds: { column: text('hangup_ends').array().notNull().default(sql`'{}'`) },
  hangupCount: { column: integer('hangup_count').notNull().default(0) },
  /** When the meter looks at it next; null: it does not run. */
  meterAt: { column: instant('meter_at'), granted },
} satisfies Record<string, CallField>

type CallTable = typeof callTable
export type CallColumns = { [Name in keyof CallTable]: CallTable[Name]['column'] }

/** As drizzle takes them. */
export const callColumns = Object.fromEntries(
  Object.entries(callTable).map(([name, { column }]) => [name, column]),
) as CallColumns

export type ShownCallField = {
  [Name in keyof CallTable]: CallTable[Name] extends { shown: string } ? Name : never
}[keyof CallTable]

export type ReportedCallField = {
  [Name in keyof CallTable]: CallTable[Name] extends { shown: 'reports' } ? Name : never
}[keyof CallTable]
