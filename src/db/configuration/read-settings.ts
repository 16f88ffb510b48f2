/**
 * Are the settings that stand in PostgreSQL as text or JSON what the domain's types say?
 *
 * Our own doors wrote them, so a fault here is a bug or a hand in the database: it throws, naming the value.
 */

import type { RecordingSettings } from '../../limits/client.ts'
import { type BillingMethod, billingMethods, type Feature, features } from '../../limits/client.ts'
import type { ReasonCodes } from '../../limits/reasons.ts'
import { type RoundingMode, roundingModes } from '../../money.ts'
import type { Numbering } from '../../rating/normalize-number.ts'
import type { PlanEntry } from '../../rating/tariff.ts'

export function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word {
  const word = words.find((candidate) => candidate === value)
  if (word === undefined) throw new Error(`${JSON.stringify(value)} is not one of ${words.join(', ')}`)
  return word
}

export function isFeature(value: string): value is Feature {
  return features.some((feature) => feature === value)
}

export function readBillingMethod(value: string): BillingMethod {
  return oneOf(billingMethods, value)
}

export function readRoundingMode(value: string): RoundingMode {
  return oneOf(roundingModes, value)
}

export function readNumbering(value: unknown): Numbering | null {
  if (value === null || value === undefined) return null
  const plan = readObject(value)
  return {
    countryCode: readText(plan.countryCode),
    internationalPrefixes: readList(plan.internationalPrefixes).map(readText),
    nationalPrefix: readText(plan.nationalPrefix),
    nationalLengths: readList(plan.nationalLengths).map(readCount),
  }
}

export function readEntries(value: unknown): PlanEntry[] {
  return readList(value).map((item) => {
    const entry = readObject(item)
    return {
      rateDeckId: readText(entry.rateDeckId),
      weight: readCount(entry.weight),
      days: entry.days === null || entry.days === undefined ? null : readList(entry.days).map(readCount),
      from: readText(entry.from),
      to: readText(entry.to),
    }
  })
}

export function readRecording(value: unknown): RecordingSettings {
  const recording = readObject(value)
  return {
    onDemand: oneOf(['off', 'sipInfo', 'serviceCode'], recording.onDemand),
    serviceCode: typeof recording.serviceCode === 'string' ? recording.serviceCode : null,
    clientMayRemove: recording.clientMayRemove !== false,
  }
}

export function readVisibility(
  value: unknown,
): Record<'invoices' | 'ratingProfiles' | 'callPrices', boolean> {
  const { invoices, ratingProfiles, callPrices } = readObject(value)
  return {
    invoices: invoices === true,
    ratingProfiles: ratingProfiles === true,
    callPrices: callPrices === true,
  }
}

export function readRelays(value: unknown): { name: string; address: string }[] {
  return readList(value).map((item) => {
    const relay = readObject(item)
    return { name: readText(relay.name), address: readText(relay.address) }
  })
}

export function readTemplates(value: unknown): Record<string, string | null> {
  const templates: Record<string, string | null> = {}
  for (const [kind, id] of Object.entries(readObject(value)))
    templates[kind] = id === null ? null : readText(id)
  return templates
}

export function readReasonOverrides(value: unknown): Record<string, Partial<ReasonCodes>> {
  const overrides: Record<string, Partial<ReasonCodes>> = {}
  for (const [reason, codes] of Object.entries(readObject(value))) {
    const { sip, phrase, q850, announcement } = readObject(codes)
    overrides[reason] = {
      ...(sip === undefined ? {} : { sip: readCount(sip) }),
      ...(phrase === undefined ? {} : { phrase: readText(phrase) }),
      ...(q850 === undefined ? {} : { q850: readCount(q850) }),
      ...(announcement === undefined
        ? {}
        : { announcement: announcement === null ? null : readText(announcement) }),
    }
  }
  return overrides
}

function readObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${JSON.stringify(value)} is not an object`)
  }
  return { ...value }
}

function readList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not a list`)
  return value
}

function readText(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is not text`)
  return value
}

function readCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new Error(`${JSON.stringify(value)} is not a whole number`)
  }
  return value
}
