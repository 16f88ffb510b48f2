/**
 * Which currency and which unit do words beside a name or a number state: `€/min`, `(USD per second)`, `ct`?
 *
 * In the languages we speak: English, Spanish, Catalan, Italian, German, French, Portuguese.
 */
import { isCurrency } from '../money.ts'

export interface StatedUnits {
  per: 'minute' | 'second' | 'call' | null
  /** Hundredths of the currency. */
  isCents: boolean
  /** An ISO code or a sign. */
  currency: string | null
  /** What is left of the text. */
  rest: string
}

const minute = String.raw`min(?:\.|utes?|utos?|uten?|uti|uts?)?`
const second = String.raw`s(?:ec(?:\.|s|onds?|ondes?|ondo|ondi)?|eg(?:\.|undos?|ons?|on)?|ek(?:\.|unden?)?)?`
const call = 'call|llamada|trucada|chiamata|anruf|appel|chamada'
const per = String.raw`(?:\/|(?<![a-z])(?:per|pro|por|par|al|a|je)\s(?:la\s)?)\s*`
const phrases = (['minute', 'second', 'call'] as const).map((unit) => {
  const word = { minute, second, call }[unit]
  return { unit, pattern: new RegExp(`${per}(?:${word})(?![a-z])`) }
})
const cents =
  /(?<![a-z])(?:euro|us)?\s?(?:cents?|cts?|centimos?|centims?|centimes?|centesim[oi]|centavos?|pence)(?![a-z])|¢|c€|€c/
const signs = /us\$|r\$|\$|€|£|¥|₹|₺|₽|zł/i
const code = /(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])/g

/** Without accents, as names are compared. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[\s\u00a0\u202f]+/gu, ' ')
}

export function takeUnits(text: string): StatedUnits {
  let rest = plainLetters(text)
  let currency: string | null = null
  for (const [word] of rest.matchAll(code)) {
    if (!isCurrency(word)) continue
    currency = word
    rest = rest.replace(word, ' ')
    break
  }
  let lower = rest.toLowerCase()
  const found = phrases.find(({ pattern }) => pattern.test(lower))
  if (found) lower = lower.replace(found.pattern, ' ')
  const isCents = cents.test(lower)
  if (isCents) lower = lower.replace(cents, ' ')
  const sign = signs.exec(lower)?.[0]
  if (sign !== undefined) {
    currency ??= sign
    lower = lower.replace(sign, ' ')
  }
  if (currency === null && /(?<![a-z])euros?(?![a-z])/.test(lower)) {
    currency = 'EUR'
    lower = lower.replace(/(?<![a-z])euros?(?![a-z])/, ' ')
  }
  return { per: found?.unit ?? null, isCents, currency, rest: lower.trim() }
}

/** May this code or sign stand for the currency? Nothing is known against it where no currency is given. */
export function meansCurrency(stated: string, currency: string | null): boolean {
  if (currency === null || stated === currency) return true
  if (/^[A-Z]{3}$/.test(stated)) return false
  const shown = (display: 'symbol' | 'narrowSymbol') =>
    new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: display })
      .formatToParts(0)
      .find(({ type }) => type === 'currency')
      ?.value.toLowerCase()
  return [shown('symbol'), shown('narrowSymbol'), currency === 'USD' ? 'us$' : ''].includes(
    stated.toLowerCase(),
  )
}
