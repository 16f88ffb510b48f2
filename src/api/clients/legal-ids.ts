/**
 * What a brand or client says it is to the tax office and its bank: checked where it is written, kept in one form.
 *
 * What stood there before stays as it is until it or its country is changed: it may be from before the check.
 */
import { isBic, readIban } from '../../registers/bank-account.ts'
import { readTaxNumber } from '../../registers/tax-number.ts'
import type { Faults } from '../conventions/known-values.ts'

interface LegalIds {
  taxId?: string
  iban?: string
  bic?: string
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
  return kept
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
