/**
 * What is a guard against toll fraud in JSON? Its fields, their defaults, and what they refuse.
 */
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import type { GuardRow, GuardValues } from '../../db/guards/spend-guards.ts'
import { Currency, closed, Instant, nullable, Uuid } from '../../shapes/fields.ts'
import { GuardFields as fields } from '../../shapes/spend-guard.ts'
import { Faults } from '../conventions/known-values.ts'
import type { Scope } from '../conventions/request-scope.ts'

export const GuardFields = closed({
  brandId: Type.Optional(Uuid),
  clientId: Type.Optional(nullable({ ...Uuid, description: 'null: each client of the brand, singly.' })),
  ...fields,
})
export type GuardFields = Static<typeof GuardFields>

export const GuardShown = closed({
  id: Uuid,
  ...GuardFields.properties,
  currency: Type.Optional({ ...Currency, description: "The brand's: of the guard's amounts." }),
  warnings: Type.Optional(Type.Array(Type.String())),
  createdAt: Instant,
  updatedAt: Instant,
})

const clock = /^([01]\d|2[0-3]):[0-5]\d$/

/** Throws `InvalidRequest`. `before`: the zone that it had, where it is changed. */
export function completeGuard(
  { when, prefixes, limits, ...given }: GuardFields,
  at = '',
  before?: GuardFields,
): GuardValues {
  const faults = new Faults()
  if (when) {
    const { from = '00:00', to = '24:00', timeZone } = when
    if (!clock.test(from)) faults.add(`${at}/when/from`, 'must be a time from 00:00 to 23:59')
    if (!clock.test(to) && to !== '24:00') faults.add(`${at}/when/to`, 'must be a time from 00:00 to 24:00')
    if (from === to) faults.add(`${at}/when/to`, 'must differ from "from"')
    if (timeZone) {
      faults.checkKnown('timeZone', `${at}/when/timeZone`, timeZone, before?.when?.timeZone ?? undefined)
    }
  }
  const digits = prefixes?.map((prefix) => prefix.replace(/^(\+|00)/, ''))
  for (const [place, prefix] of (digits ?? []).entries()) {
    if (!/^\d{1,18}$/.test(prefix)) faults.add(`${at}/prefixes/${place}`, 'must be 1 to 18 digits')
  }
  faults.throwIfAny()
  return {
    name: given.name,
    enabled: given.enabled ?? true,
    when: when
      ? {
          days: when.days ?? null,
          from: when.from ?? '00:00',
          to: when.to ?? '24:00',
          timeZone: when.timeZone ?? null,
        }
      : null,
    prefixes: digits ?? null,
    highRisk: given.highRisk ?? null,
    limits,
    action: given.action ?? 'alert',
    email: given.email ?? null,
  }
}

/** What stands in the row was checked by this very schema when it was written. */
export function toGuardFields(row: GuardRow): GuardFields {
  const { brandId, clientId, name, enabled, when, prefixes, highRisk, limits, action, email } = row
  return { brandId, clientId, name, enabled, when, prefixes, highRisk, limits, action, email } as GuardFields
}

/** A guard as it is shown: the row, its brand's currency, and what to know of it. */
export type ShownGuard = GuardRow & { currency: string; warnings: readonly string[] }

/** Whom a brand's guard tells is no client's affair. */
export function showGuard({ currency, warnings, ...row }: ShownGuard, { identity }: Pick<Scope, 'identity'>) {
  const fields = toGuardFields(row)
  return {
    id: row.id,
    ...fields,
    ...(identity.clientId !== null && row.clientId === null && { email: null }),
    currency,
    ...(warnings.length > 0 && { warnings: [...warnings] }),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
}
