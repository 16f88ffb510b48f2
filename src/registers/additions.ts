/**
 * Where the packages' lists of codes are behind the registers as of November 2026. `test/registers/additions.test.ts`
 * fails when a package has caught up: the entry goes then.
 *
 * Sources: ISO 4217 amendments 176 (XCG for ANG, 31 March 2025) and 180 (Bulgaria takes the euro, 1 January 2026) and
 * list three (CUC, 2021), all by SIX, the maintenance agency; for countries ISO 3166-1; for SEPA the European Payments
 * Council's list of participating countries (EPC409-09).
 */

/** Current codes that `currency-codes` 2.2.0, a list of 25 June 2024, does not have. */
export const addedCurrencies = [{ code: 'XCG', name: 'Caribbean Guilder', digits: 2 }] as const

/** Retired codes that it still has: what is kept in them goes on, nothing new is. */
export const retiredCurrencies: ReadonlySet<string> = new Set(['ANG', 'BGN', 'CUC'])

/** Not an entry of ISO 3166-1, but what the European Union, telephone numbers and databases of addresses call Kosovo. */
export const addedCountries = ['XK'] as const

/** In SEPA since 2024 (AL, ME) and 2025 (MD, MK, RS), not yet in `ibantools` 4.5.4. */
export const addedSepaCountries = ['AL', 'MD', 'ME', 'MK', 'RS'] as const
