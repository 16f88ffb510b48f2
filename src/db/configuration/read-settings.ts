/**
 * Are the settings that stand in PostgreSQL as text or JSON what the API's schemas say?
 *
 * The API wrote them, so a fault here is a bug or a hand in the database: it throws, naming the place. Members that a
 * newer release has added are left out.
 */
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Clean } from 'typebox/value'
import {
  type BillingMethod,
  billingMethods,
  type Feature,
  features,
  type RecordingSettings,
} from '../../limits/client.ts'
import type { ReasonCodes } from '../../limits/reasons.ts'
import { type RoundingMode, roundingModes } from '../../money.ts'
import type { PlanEntry } from '../../rating/tariff.ts'
import { Numbering } from '../../shapes/fields.ts'
import * as settings from '../../shapes/settings.ts'
import { GuardLimits, GuardTimes } from '../../shapes/spend-guard.ts'

export function readWord<Word extends string>(words: readonly Word[], value: unknown): Word {
  const word = words.find((candidate) => candidate === value)
  if (word === undefined) throw new Error(`${JSON.stringify(value)} is not one of ${words.join(', ')}`)
  return word
}

/** A function that takes the column's value; schemas are compiled once. */
function storedAs<const Schema extends TSchema>(schema: Schema): (value: unknown) => Static<Schema> {
  const validator = Compile(schema)
  return (value) => {
    const known = Clean(schema, value)
    if (validator.Check(known)) return known
    const [fault] = validator.Errors(known)
    throw new Error(
      `${JSON.stringify(value)}: ${fault?.instancePath ?? ''} ${fault?.message ?? 'is not valid'}`,
    )
  }
}

const numbering = storedAs(Numbering)
const entry = storedAs(settings.StoredPlanEntry)
const recording = storedAs(settings.Recording)
const visibility = storedAs(settings.PortalVisibility)
const reasonOverrides = storedAs(settings.ReasonOverrides)
const brandMail = storedAs(settings.BrandMail)
const guardTimes = storedAs(GuardTimes)
export const readGuardLimits = storedAs(GuardLimits)
export const readRelays = storedAs(settings.Relays)
export const readTemplates = storedAs(settings.NotificationTemplates)

export function isFeature(value: string): value is Feature {
  return features.some((feature) => feature === value)
}

export function readBillingMethod(value: string): BillingMethod {
  return readWord(billingMethods, value)
}

export function readRoundingMode(value: string): RoundingMode {
  return readWord(roundingModes, value)
}

export function readNumbering(value: unknown): Static<typeof Numbering> | null {
  return value === null || value === undefined ? null : numbering(value)
}

export function readEntries(value: unknown): PlanEntry[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not a list`)
  return value.map((item) => {
    const stored = entry(item)
    const { rateDeckId, weight = 0, days = null, from = '00:00', to = '24:00' } = stored
    const { originPrefixes = null, calendarId, calendar: mode, calendarDays = [] } = stored
    const calendar = calendarId && mode ? { calendarId, mode, days: calendarDays } : null
    return { rateDeckId, weight, days, from, to, originPrefixes, ...(calendar && { calendar }) }
  })
}

export function readRecording(value: unknown): RecordingSettings {
  return { onDemand: 'off', serviceCode: null, clientMayRemove: true, ...recording(value) }
}

export function readVisibility(
  value: unknown,
): Record<'invoices' | 'ratingProfiles' | 'callPrices', boolean> {
  return { invoices: false, ratingProfiles: false, callPrices: false, ...visibility(value) }
}

export function readMailAddresses(value: unknown): { fromAddress: string | null; replyTo: string | null } {
  const { fromAddress = null, replyTo = null } = value === null ? {} : brandMail(value)
  return { fromAddress, replyTo }
}

export function readGuardTimes(value: unknown): Static<typeof GuardTimes> | null {
  return value === null ? null : guardTimes(value)
}

export function readReasonOverrides(value: unknown): Record<string, Partial<ReasonCodes>> {
  return reasonOverrides(value)
}
