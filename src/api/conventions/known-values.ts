/**
 * Does this currency, zone, country or language exist? The lists are ISO 4217 (`money.ts`), ISO 3166-1, `time-zones.ts` and
 * what the runtime knows of BCP 47. Each check answers the faults it found, with their places.
 */
import { type InputFault, InvalidRequest } from '../../errors.ts'
import { isCurrency, isCurrentCurrency } from '../../money.ts'
import { isTimeZone } from '../../rating/time-zones.ts'
import { isCountry } from '../../registers/countries.ts'

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
export const isLanguage = (text: string) => languageNames.of(text) !== undefined

const kinds = {
  currency: { test: isCurrency, detail: 'is not an ISO 4217 currency to bill in' },
  currentCurrency: { test: isCurrentCurrency, detail: 'is not a current ISO 4217 currency to bill in' },
  timeZone: { test: isTimeZone, detail: 'is not UTC or an IANA time zone such as "Europe/Madrid"' },
  country: { test: isCountry, detail: 'is not an ISO 3166 country' },
  language: { test: isLanguage, detail: 'is not a known language' },
} as const

type Value = string | null | undefined

/** Collects what is wrong with a document beyond its shape, and throws it all at once. */
export class Faults {
  readonly #found: InputFault[] = []

  add(pointer: string, detail: string): void {
    this.#found.push({ pointer, detail })
  }

  /**
   * Null and undefined pass: whether a value must be there is the shape's matter. So does what stood there before: a
   * list may have lost it since, and something else could not be changed.
   */
  checkKnown(kind: keyof typeof kinds, pointer: string, value: Value, before?: Value): void {
    if (value === null || value === undefined || value === before) return
    if (!kinds[kind].test(value)) this.add(pointer, kinds[kind].detail)
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new InvalidRequest('Some values are not allowed.', this.#found)
  }
}
