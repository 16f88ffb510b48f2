/**
 * What an engine may say of a leg, in a grant or an event, that decides nothing: kept with the call and shown.
 *
 * Every message may give them, whichever comes first. Each has its column in `db/calls/call-table.ts`.
 */
import Type, { type Static } from 'typebox'
import { EngineName } from '../shapes/fields.ts'

/** PostgreSQL's text holds no NUL. */
const storable = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000]*$' })

export const CallId = Type.String({
  pattern: '^[\\x20-\\x7e]{1,255}$',
  description:
    'One billable leg of one client: 1 to 255 printable ASCII characters, unique within the client.',
})
export const Labels = Type.Record(Type.String({ pattern: '^[^\\u0000]{1,64}$' }), storable(255), {
  maxProperties: 10,
  description: 'Up to 10 text pairs: extension, trunk, carrier, cost centre.',
})

/** As messages carry them. */
export const legFacts = {
  sipCallId: Type.Optional(storable(255)),
  forwardedFrom: Type.Optional(CallId),
  engine: Type.Optional(EngineName),
  engineRef: Type.Optional(storable(512)),
  labels: Type.Optional(Labels),
}

type LegFactName = keyof typeof legFacts
/** null: not said. */
export type LegFacts = { [Name in LegFactName]: Static<(typeof legFacts)[Name]> | null }

const names = Object.keys(legFacts) as LegFactName[]

/** These facts over what is known. Field by field: a loop over the names takes 50 times as long, with every event. */
export function takeLegFacts(call: LegFacts, facts: LegFacts): void {
  call.sipCallId = facts.sipCallId ?? call.sipCallId
  call.forwardedFrom = facts.forwardedFrom ?? call.forwardedFrom
  call.engine = facts.engine ?? call.engine
  call.engineRef = facts.engineRef ?? call.engineRef
  if (facts.labels) call.labels = { ...call.labels, ...facts.labels }
}

/** These facts where nothing is known. */
export function takeMissingLegFacts(call: LegFacts, facts: LegFacts): void {
  call.sipCallId ??= facts.sipCallId
  call.forwardedFrom ??= facts.forwardedFrom
  call.engine ??= facts.engine
  call.engineRef ??= facts.engineRef
  if (facts.labels) call.labels = { ...facts.labels, ...call.labels }
}

/** As a message says them: without those that are not said. */
export function saidLegFacts(
  facts: LegFacts,
): Partial<{ [Name in LegFactName]: NonNullable<LegFacts[Name]> }> {
  return Object.fromEntries(names.flatMap((name) => (facts[name] === null ? [] : [[name, facts[name]]])))
}
