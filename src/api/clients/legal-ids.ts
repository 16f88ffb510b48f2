/**
 * What a brand or client says it is to the tax office and its bank: checked where it is written, kept in one form.
 *
 * What stood there before stays as it is until it or its country is changed: it may be from before the check.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Static } from 'typebox'
import { isBic, readIban } from '../../registers/bank-account.ts'
import { isInSepa } from '../../registers/countries.ts'
import { readCreditorId } from '../../registers/creditor-id.ts'
import { findAddressFault, isAddressScheme } from '../../registers/electronic-address.ts'
import { readTaxNumber } from '../../registers/tax-number.ts'
import type { DirectDebit } from '../../shapes/settings.ts'
import type { Faults } from '../conventions/known-values.ts'
import { isDay } from '../conventions/local-days.ts'

interface LegalIds {
  taxId?: string
  iban?: string
  bic?: string
  creditorId?: string
  endpointId?: { scheme: string; value: string } | null
}

interface Placed<Ids> {
  ids: Ids
  /** ISO 3166-1. */
  country: string | null
}

/** The same fields with these in the form in which they are kept. */
export function readLegalIds<Ids extends LegalIds>(
  { ids, country }: Placed<Ids>,
  before: Placed<LegalIds | null | undefined> | undefined,
  { pointer, faults }: { pointer: string; faults: Faults },
): Ids {
  const kept = { ...ids }
  const had = before?.ids ?? {}
  if (ids.taxId !== undefined && (ids.taxId !== had.taxId || country !== before?.country)) {
    const { state, text } = readTaxNumber({ country, text: ids.taxId })
    if (state === 'impossible') faults.add(`${pointer}/taxId`, 'does not have the form of a tax number')
    kept.taxId = text
  }
  if (ids.iban !== undefined && ids.iban !== had.iban) {
    const iban = readIban(ids.iban)
    if (iban === undefined && ids.iban.trim() !== '') faults.add(`${pointer}/iban`, 'is not an IBAN')
    kept.iban = iban ?? ''
  }
  if (ids.bic !== undefined && ids.bic !== had.bic) {
    kept.bic = ids.bic.replaceAll(/\s/g, '').toUpperCase()
    if (kept.bic !== '' && !isBic(kept.bic)) faults.add(`${pointer}/bic`, 'is not a BIC')
  }
  if (ids.creditorId !== undefined && ids.creditorId !== had.creditorId) {
    const creditorId = readCreditorId(ids.creditorId)
    if (creditorId === undefined && ids.creditorId.trim() !== '') {
      faults.add(`${pointer}/creditorId`, 'is not a SEPA creditor identifier')
    }
    kept.creditorId = creditorId ?? ''
  }
  if (ids.endpointId && !isDeepStrictEqual(ids.endpointId, had.endpointId)) {
    if (!isAddressScheme(ids.endpointId.scheme)) {
      faults.add(`${pointer}/endpointId/scheme`, 'is not a code of the list EAS such as "0088"')
    }
    const fault = findAddressFault(ids.endpointId)
    if (fault !== undefined) faults.add(`${pointer}/endpointId/value`, fault)
  }
  return kept
}

type Mandate = Static<typeof DirectDebit>

/** The mandate with its account in the form in which it is kept. */
export function readMandate(mandate: Mandate, before: Mandate | null | undefined, faults: Faults): Mandate {
  if (isDeepStrictEqual(mandate, before)) return mandate
  const kept = readLegalIds({ ids: mandate, country: null }, undefined, { pointer: '/directDebit', faults })
  if (mandate.iban.trim() === '') faults.add('/directDebit/iban', 'is not an IBAN')
  else if (kept.iban && !isInSepa(kept.iban.slice(0, 2))) {
    faults.add('/directDebit/iban', 'is not an account in SEPA')
  }
  if (!isDay(mandate.signedDay)) faults.add('/directDebit/signedDay', 'is not a valid calendar day')
  return { ...kept, scheme: kept.scheme ?? 'core' }
}

/** A register may have given a number that fails its own check: it is taken, and told. */
export function legalIdWarnings(
  field: string,
  { ids, country }: Placed<LegalIds | null | undefined>,
): string[] {
  const text = ids?.taxId ?? ''
  if (readTaxNumber({ country, text }).state !== 'wrong-check-digit') return []
  return [`${field}: the tax number ${text} has a wrong check digit.`]
}
