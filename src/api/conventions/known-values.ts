/**
 * Does this currency, zone, country or language exist? The lists are ISO 4217 (`money.ts`), `time-zones.ts` and what the runtime
 * knows of ISO 3166 and BCP 47. Each check answers the faults it found, with their places.
 */
import { type InputFault, InvalidRequest } from '../../errors.ts'
import { isCurrency } from '../../money.ts'
import { isTimeZone } from '../../rating/time-zones.ts'

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
/** Regions of CLDR that are no countries, and the old name of GB. */
const noCountries = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'ZZ', 'QO', 'UK'])

export const isCountry = (text: string) => !noCountries.has(text) && regionNames.of(text) !== undefined
export const isLanguage = (text: string) => languageNames.of(text) !== undefined

const kinds = {
  currency: { test: isCurrency, detail: 'is not an ISO 4217 currency' },
  timeZone: { test: isTimeZone, detail: 'is not UTC or an IANA time zone such as "Europe/Madrid"' },
  country: { test: isCountry, detail: 'is not an ISO 3166 country' },
  language: { test: isLanguage, detail: 'is not a known language' },
} as const

/** Collects what is wrong with a document beyond its shape, and throws it all at once. */
export class Faults {
  readonly #found: InputFault[] = []

  add(pointer: string, detail: string): void {
    this.#found.push({ pointer, detail })
  }

  /** Null and undefined pass: whether a value must be there is the shape's matter. So does the one that is stored already. */
  checkKnown(
    kind: keyof typeof kinds,
    pointer: string,
    value: string | null | undefined,
    stored?: string | null,
  ): void {
    if (value === null || value === undefined || value === stored) return
    if (!kinds[kind].test(value)) this.add(pointer, kinds[kind].detail)
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new InvalidRequest('Some values are not allowed.', this.#found)
  }
}
