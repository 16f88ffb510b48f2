/**
 * What a call comes to by its facts, and by the terms and tariffs in force when it was answered.
 *
 * Reads what it is given and changes nothing: settling, re-rating and the price so far of a running call all ask it.
 * Throws `RateTableNotLoaded`.
 */
import type { Ledger } from '../../ledger/ledger.ts'
import { storeDraws } from '../../ledger/stored-draw.ts'
import { classifyLeg, isPriced, type LegKind, unlimitedMoney } from '../../limits/authorize.ts'
import { type Brand, type Client, payerFor, termsAt } from '../../limits/client.ts'
import { zero } from '../../money.ts'
import { affordableDuration } from '../../rating/affordable-duration.ts'
import type { Allowance } from '../../rating/allowance.ts'
import { countryOfNumber } from '../../rating/country-of-number.ts'
import { findRate } from '../../rating/find-rate.ts'
import { localDay } from '../../rating/local-day.ts'
import type { RatedCall as CallAtRate } from '../../rating/match-rate.ts'
import { normalizeNumber } from '../../rating/normalize-number.ts'
import { priceCall } from '../../rating/price-call.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import type { Call } from '../call.ts'
import type { CostContext } from './carrier-cost.ts'

export interface SettlementContext extends CostContext {
  emergencyNumbers: ReadonlySet<string>
  findClientById: (clientId: string) => Client | undefined
  /** What a call answered then may draw; left out: it is priced by rate alone. */
  listAllowances?: (client: Client, when: { at: number; day: string }) => readonly Allowance[]
}

/** What settling takes of the use cases' context. */
export function settlementContext(
  context: { configuration: Configuration; emergencyNumbers: ReadonlySet<string> },
  now: number,
  /** Whose locked accounts say what calls may draw of allowances. */
  ledger?: Ledger,
): SettlementContext {
  const { configuration, emergencyNumbers } = context
  return {
    tariffs: configuration.tariffs,
    emergencyNumbers,
    findClientById: (id) => configuration.findClient(id, now),
    findCarrier: (brandId, code) => configuration.findCarrier(brandId, code),
    exchangeRatesOfBrand: (brandId) => configuration.exchangeRatesOfBrand(brandId),
    ...(ledger && { listAllowances: (client, when) => ledger.allowances.list(client, when) }),
  }
}

export interface Owner {
  client: Client
  brand: Brand
}

export type Result = Pick<
  Call,
  | 'status'
  | 'reason'
  | 'toNormalized'
  | 'country'
  | 'special'
  | 'internal'
  | 'durationSeconds'
  | 'billedSeconds'
  | 'price'
  | 'destination'
  | 'prefix'
  | 'ratingPlanId'
  | 'ratingProfileId'
  | 'rateDeckId'
  | 'usageDay'
  | 'explanation'
  | 'coveredSeconds'
  | 'allowances'
>

type Facts = Pick<
  Call,
  | 'direction'
  | 'from'
  | 'to'
  | 'toClientId'
  | 'fromClientId'
  | 'createdAt'
  | 'startedAt'
  | 'answeredAt'
  | 'endedAt'
  | 'cutAt'
>

/** What the call comes to by the terms and the tariffs in force when it was answered. */
export function rateResult(call: Facts, owner: Owner, context: SettlementContext): Result {
  return rateCall(call, owner, context).result
}

export interface RatedCall {
  result: Result
  kind: LegKind
  /** It costs more than the maximum at which it was to be hung up. */
  exceedsMaximum: boolean
}

export function rateCall(call: Facts, { client, brand }: Owner, context: SettlementContext): RatedCall {
  const at = call.answeredAt ?? call.startedAt ?? call.createdAt
  const terms = termsAt(client.terms, at)
  const numbering = terms.numbering ?? termsAt(brand.terms, at).numbering
  const toNormalized = normalizeNumber(call.to, numbering) ?? null
  const find = (id: string | null) => (id === null ? undefined : context.findClientById(id))
  const leg = {
    direction: call.direction,
    to: call.to,
    toNormalized: toNormalized ?? undefined,
    sourceIp: null,
    toClient: find(call.toClientId),
    fromClient: find(call.fromClientId),
    at,
  }
  const kind = classifyLeg(leg, client, brand, context.emergencyNumbers)
  const result: Result = {
    status: 'unpriced',
    reason: null,
    toNormalized,
    country: toNormalized === null ? '' : (countryOfNumber(toNormalized) ?? ''),
    special: kind === 'special',
    internal: kind === 'internal',
    durationSeconds: null,
    billedSeconds: null,
    price: null,
    destination: null,
    prefix: null,
    ratingPlanId: null,
    ratingProfileId: null,
    rateDeckId: null,
    usageDay: localDay(at, terms.timeZone),
    explanation: null,
    coveredSeconds: null,
    allowances: null,
  }
  const endedAt = call.cutAt ?? call.endedAt
  const unpriced = (changes: Partial<Result>, as = kind): RatedCall => ({
    result: { ...result, ...changes },
    kind: as,
    exceedsMaximum: false,
  })
  if (call.answeredAt === null || endedAt === null) {
    const called =
      kind === 'priced' && toNormalized !== null
        ? findRate({
            to: toNormalized,
            from: call.from,
            numbering,
            answeredAt: at,
            timeZone: terms.timeZone,
            profiles: client.profiles,
            tariffs: context.tariffs,
          })
        : undefined
    return unpriced({
      status: 'unanswered',
      durationSeconds: 0,
      billedSeconds: 0,
      price: zero,
      // What was called, though nobody answered: for the share of answered calls by destination.
      destination: called?.priced ? called.destination : null,
      prefix: called?.priced ? called.prefix : null,
    })
  }
  const durationSeconds = Math.ceil((endedAt - call.answeredAt) / 1000)
  result.durationSeconds = durationSeconds
  if (!isPriced(kind)) return unpriced({})
  if (toNormalized === null) return unpriced({ status: 'rejected', reason: 'invalid_number' })
  const { answeredAt } = call
  const { timeZone } = terms
  const { tariffs } = context
  const { profiles, ...payer } = payerFor(client, call.direction)
  const rated = { to: toNormalized, from: call.from, numbering, answeredAt, timeZone, profiles, tariffs }
  const day = localDay(at, timeZone)
  const allowances =
    payer.allowances.length > 0 ? context.listAllowances?.(client, { at: answeredAt, day }) : undefined
  const priced = priceCall({ ...rated, durationSeconds, ...(allowances && { allowances }) })
  if (!priced.priced) {
    return kind === 'priced-inbound'
      ? unpriced({}, 'inbound')
      : unpriced({ status: 'rejected', reason: priced.reason })
  }
  // A maximum below the first increment blocks the number: the leg was granted as one that costs nothing.
  if (kind === 'priced-inbound' && priced.exceedsMaximum && buysNothing(rated)) {
    return unpriced({}, 'inbound')
  }
  return {
    result: {
      ...result,
      status: 'priced',
      billedSeconds: priced.billedSeconds,
      price: priced.price,
      destination: priced.destination,
      prefix: priced.prefix,
      ratingPlanId: priced.ratingPlanId,
      ratingProfileId: priced.ratingProfileId,
      rateDeckId: priced.rateDeckId,
      explanation: JSON.stringify(priced.explanation),
      coveredSeconds: client.allowances.length > 0 ? priced.coveredSeconds : null,
      allowances: storeDraws(priced.draws),
    },
    kind,
    exceedsMaximum: priced.exceedsMaximum,
  }
}

/** Not even the first increment stays within a maximum that hangs up. */
function buysNothing(call: CallAtRate): boolean {
  const bought = affordableDuration({ ...call, money: unlimitedMoney, maxSeconds: 1 })
  return bought.priced && bought.seconds === 0
}
