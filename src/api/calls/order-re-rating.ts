/**
 * Which calls does a request for a re-rating mean? Checked, written down and, where a version is backdated for
 * real, its instant moved: all in the tenant's transaction, so that nobody else's call can be named.
 *
 * Throws `InvalidRequest` with the place, and 404 for what the tenant does not have.
 */
import Type, { type Static } from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import {
  findBrandOfClient,
  findNamedCalls,
  insertReRating,
  type RerateFilter,
  takeFilteredCalls,
  takeNamedCalls,
} from '../../db/calls/re-ratings.ts'
import type { Tx } from '../../db/connection.ts'
import { findRateDeck } from '../../db/tariffs/rate-decks.ts'
import { findRatingPlan } from '../../db/tariffs/rating-plans.ts'
import { type InputFault, InvalidRequest, NotFound, TollgateError } from '../../errors.ts'
import type { Identity } from '../../identities/identity.ts'
import { closed, Instant, Name, oneOf, Uuid } from '../../shapes/fields.ts'
import { backdateVersion, findBackdating } from '../../tariffs/backdate-version.ts'
import type { Backdating } from '../../tariffs/backdated-tariffs.ts'
import { newId } from '../../uuid.ts'

const CallId = Type.String({ pattern: '^[\\x20-\\x7e]{1,255}$' })
const Filter = Type.Object(
  {
    clientId: Type.Optional(Uuid),
    brandId: Type.Optional(Uuid),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    status: Type.Optional(oneOf(['priced', 'rejected', 'lost-end'])),
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]{1,64}$' })),
    destination: Type.Optional(Name),
    prefix: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })),
    ratingPlanId: Type.Optional(Uuid),
    ratingProfileId: Type.Optional(Uuid),
    rateDeckId: Type.Optional(Uuid),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'Calls that match all of it; `from` and `to` are a half-open span of the answer.',
  },
)

export const ReRatingOrder = closed({
  filter: Type.Optional(Filter),
  callIds: Type.Optional(
    Type.Array(
      Type.Unsafe<string | { clientId: string; callId: string }>({
        type: ['object', 'string'],
        minLength: 1,
        maxLength: 255,
        properties: { clientId: Uuid, callId: CallId },
        required: ['clientId', 'callId'],
        additionalProperties: false,
        description: '{ clientId, callId }, or the callId alone where one client has it.',
      }),
      { minItems: 1, maxItems: 1000 },
    ),
  ),
  backdate: Type.Optional(
    closed(
      {
        rateDeckId: Type.Optional(Uuid),
        ratingPlanId: Type.Optional(Uuid),
        version: Type.Integer({ minimum: 1 }),
        effectiveAt: Instant,
      },
      'Makes a version effective in the past, and prices every call of the brand answered since then anew.',
    ),
  ),
  what: Type.Optional(
    oneOf(
      ['price', 'cost'],
      "price (without it): what the client pays; cost: what the carrier takes, which moves no balance. Amounts of the answer are then in the carrier's currency.",
    ),
  ),
  dryRun: Type.Optional(Type.Boolean({ default: false })),
})
export type ReRatingBody = Static<typeof ReRatingOrder>

/** Answers the id; nothing has been priced yet. */
export async function orderReRating(
  tx: Tx,
  body: ReRatingBody,
  identity: Identity,
  now: number,
): Promise<string> {
  const { filter, callIds, backdate, what = 'price', dryRun = false } = body
  const ofWhat = what === 'price' ? {} : { what }
  if ([filter, callIds, backdate].filter((given) => given !== undefined).length !== 1) {
    throw new InvalidRequest('Name the calls by exactly one of "filter", "callIds" and "backdate".', [
      { pointer: '', detail: 'needs exactly one of filter, callIds, backdate' },
    ])
  }
  const id = newId(now)
  const order = { id, dryRun, actor: identity.actor, createdAt: now }
  const own = identity.brandId
  if (callIds) {
    const named = await resolveNames(tx, callIds)
    const brands = [...new Set(named.map((call) => call.brandId))]
    const brandId = own ?? (brands.length === 1 ? (brands[0] ?? null) : null)
    await insertReRating(tx, { ...order, brandId, request: { callIds, ...ofWhat } })
    await takeNamedCalls(tx, { id, named })
  } else if (backdate) {
    const { brandId, backdating } = await resolveBackdating(tx, backdate, now)
    if (!dryRun) await backdateVersion(tx, backdating)
    await insertReRating(tx, { ...order, brandId, request: { backdate, backdating, ...ofWhat } })
    const { from, until: to } = backdating
    await takeFilteredCalls(tx, { id, filter: { brandId, from, to } })
  } else if (filter) {
    const { brandId, checked } = await resolveFilter(tx, filter, own)
    await insertReRating(tx, { ...order, brandId, request: { filter, ...ofWhat } })
    await takeFilteredCalls(tx, { id, filter: checked })
  }
  return id
}

async function resolveNames(tx: Tx, callIds: NonNullable<ReRatingBody['callIds']>) {
  const names = callIds.map((name) => (typeof name === 'string' ? { clientId: null, callId: name } : name))
  const found = await findNamedCalls(tx, names)
  const named: { clientId: string; brandId: string; callId: string }[] = []
  const missing: InputFault[] = []
  const ambiguous: InputFault[] = []
  for (const [i, matches] of found.entries()) {
    const [call] = matches
    const pointer = `/callIds/${i}`
    if (!call) missing.push({ pointer, detail: 'is not a known call' })
    else if (matches.length > 1)
      ambiguous.push({ pointer, detail: 'several clients have it: name the client' })
    else named.push(call)
  }
  if (missing.length > 0) {
    const detail = `${missing.length} of these calls do not exist; nothing was changed.`
    throw new TollgateError({ code: 'not_found', status: 404, detail, errors: missing })
  }
  if (ambiguous.length > 0) throw new InvalidRequest('A callId is unique only within its client.', ambiguous)
  return named
}

async function resolveFilter(
  tx: Tx,
  filter: NonNullable<ReRatingBody['filter']>,
  own: string | null,
): Promise<{ brandId: string | null; checked: RerateFilter }> {
  const { clientId, rateDeckId, ratingPlanId } = filter
  const asked = filter.brandId?.toLowerCase()
  if (own !== null && asked !== undefined && asked !== own) throw new NotFound('brand', asked)
  const ofClient = clientId === undefined ? undefined : await findBrandOfClient(tx, clientId)
  if (clientId !== undefined && ofClient === undefined) throw new NotFound('client', clientId)
  if (rateDeckId !== undefined && !(await findRateDeck(tx, rateDeckId, 'none'))) {
    throw new NotFound('rate deck', rateDeckId)
  }
  if (ratingPlanId !== undefined && !(await findRatingPlan(tx, ratingPlanId, 'none'))) {
    throw new NotFound('rating plan', ratingPlanId)
  }
  const from = readOptionalInstant(filter.from, '/filter/from')
  const to = readOptionalInstant(filter.to, '/filter/to')
  if (from !== undefined && to !== undefined && to <= from) {
    throw new InvalidRequest('The span is empty.', [
      { pointer: '/filter/to', detail: 'must be after "from"' },
    ])
  }
  const brandId = own ?? asked ?? ofClient ?? null
  return { brandId, checked: { ...filter, brandId: own ?? asked, from, to } }
}

async function resolveBackdating(
  tx: Tx,
  backdate: NonNullable<ReRatingBody['backdate']>,
  now: number,
): Promise<{ brandId: string; backdating: Backdating }> {
  const { rateDeckId, ratingPlanId, version } = backdate
  const id = rateDeckId ?? ratingPlanId
  if (id === undefined || (rateDeckId !== undefined && ratingPlanId !== undefined)) {
    throw new InvalidRequest('Name a rate deck or a rating plan.', [
      { pointer: '/backdate', detail: 'needs exactly one of rateDeckId, ratingPlanId' },
    ])
  }
  const of = rateDeckId === undefined ? 'rating-plan' : 'rate-deck'
  const effectiveAt = readOptionalInstant(backdate.effectiveAt, '/backdate/effectiveAt') ?? now
  return findBackdating(tx, { of, id, version, effectiveAt, now })
}

function readOptionalInstant(text: string | undefined, pointer: string): number | undefined {
  if (text === undefined) return undefined
  const at = readInstant(text)
  if (at === undefined)
    throw new InvalidRequest(`"${text}" is not a valid RFC 3339 timestamp.`, [
      { pointer, detail: 'is not a valid RFC 3339 timestamp' },
    ])
  return at
}
