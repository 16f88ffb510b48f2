/**
 * How is an amount written for people: with the currency's sign, and with the decimals that ISO 4217 gives it?
 *
 * Intl has decimals of its own, those of everyday prices: none for HUF, IDR or PKR, which are booked and paid with two.
 * Whoever prints money takes its format from here, so that documents, mails and pages show what the books say.
 */
import { currencyDigits, type Decimal, formatAmount } from './money.ts'

export function currencyFormat(
  language: string,
  {
    currency,
    minDecimals,
    maxDecimals,
    ...options
  }: { currency: string; minDecimals?: number; maxDecimals?: number } & Pick<
    Intl.NumberFormatOptions,
    'useGrouping' | 'numberingSystem'
  >,
): (amount: Decimal) => string {
  const digits = currencyDigits(currency)
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: Math.max(digits, minDecimals ?? digits),
    maximumFractionDigits: Math.max(digits, maxDecimals ?? digits),
    ...options,
  })
  // Plain decimal notation, which is what Intl takes as an exact number.
  return (amount) => format.format(formatAmount(amount) as Intl.StringNumericLiteral)
}
