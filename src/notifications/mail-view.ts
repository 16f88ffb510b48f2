/**
 * A mail's facts as a person reads them: amounts, days and instants written by the customs of the client's
 * language, in the client's zone, and the brand that sends. This is all that a template sees.
 *
 * Amounts are written exactly, with the currency's digits and up to six. Names lose line breaks and other control
 * characters, so that none reaches a header.
 */
import { currencyFormat } from '../currency-format.ts'
import { dateLocale, knownTag, numberLocale } from '../languages.ts'
import { Decimal } from '../money.ts'
import type { MailContent } from './mail-content.ts'

export type MailView = Readonly<Record<string, string>>

/** `brand`: who sends, as the mail's head names it. */
export function mailView(content: MailContent, { brand }: { brand: string }): MailView {
  const locale = numberLocale(content.language)
  const dates = dateLocale(content.language)
  const view: Record<string, string> = {
    brand: oneLine(brand),
    clientName: oneLine(content.clientName),
    currency: content.currency,
    timeZone: content.timeZone,
    language: knownTag(content.language),
  }
  const format = currencyFormat(locale, { currency: content.currency, maxDecimals: 6 })
  const money = (amount: string) => format(new Decimal(amount))
  const day = (text: string) => formatDay(text, dates)
  if ('limit' in content) {
    view.limit = content.limit === null ? '' : money(content.limit)
    view.usage = money(content.usage)
    view.reserved = isNothing(content.reserved) ? '' : money(content.reserved)
    view.day = day(content.day)
  }
  if ('threshold' in content) {
    view.balance = money(content.balance)
    view.threshold = money(content.threshold)
    view.at = formatInstant(content.at, content.timeZone, dates)
  }
  if ('link' in content) {
    view.username = oneLine(content.username)
    view.link = content.link
    view.until = formatInstant(content.expiresAt, content.timeZone, dates)
  }
  if ('from' in content) {
    view.from = day(content.from)
    view.until = day(dayBefore(content.to))
  }
  if ('number' in content) view.number = oneLine(content.number)
  if ('number' in content && 'from' in content) {
    view.documentKind = content.kind ?? 'invoice'
    view.total = money(content.total)
    view.amountDue = money(content.amountDue)
    view.dueDay = content.dueDay === null ? '' : day(content.dueDay)
  }
  if ('daysLate' in content) {
    view.total = money(content.total)
    view.amountDue = money(content.amountDue)
    view.dueDay = day(content.dueDay)
    view.daysLate = new Intl.NumberFormat(locale).format(content.daysLate)
  }
  if ('paidOn' in content) {
    view.amount = money(content.amount)
    view.paidOn = day(content.paidOn)
    view.method = oneLine(content.method ?? '')
    view.reference = oneLine(content.reference ?? '')
    view.amountDue = isNothing(content.amountDue) ? '' : money(content.amountDue)
  }
  if ('itemName' in content) {
    const count = new Intl.NumberFormat(locale)
    const quantity = (text: string) => {
      if (content.unit === 'money') return money(text)
      return content.unit === 'seconds' ? formatMinutes(Number(text), locale) : count.format(Number(text))
    }
    view.itemName = oneLine(content.itemName)
    view.percent = String(content.percent)
    view.used = quantity(content.used)
    view.included = quantity(content.included)
    view.at = formatInstant(content.at, content.timeZone, dates)
  }
  if ('guardName' in content) {
    view.guardName = oneLine(content.guardName)
    view.action = content.action
    view.limitName = content.limitName
    view.limitValue = content.spent === null ? content.limitValue : money(content.limitValue)
    view.spent = content.spent === null ? '' : money(content.spent)
    view.at = formatInstant(content.at, content.timeZone, dates)
  }
  if ('from' in content && !('number' in content)) {
    const { calls, durationSeconds, amount } = content
    view.scheduleName = oneLine(content.scheduleName ?? '')
    view.calls = calls === undefined ? '' : new Intl.NumberFormat(locale).format(calls)
    view.duration = durationSeconds === undefined ? '' : formatDuration(durationSeconds)
    view.amount = amount === undefined ? '' : money(amount)
  }
  return view
}

function formatDay(day: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  return withOrdinal(format.format(Date.parse(`${day}T00:00:00Z`)), locale)
}

function formatInstant(at: string, timeZone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone })
  return withOrdinal(format.format(Date.parse(at)), locale)
}

/** French counts the first of a month alone, which Intl leaves out. */
function withOrdinal(date: string, locale: string): string {
  return locale.startsWith('fr') ? date.replace(/^1(?=\s)/, '1er') : date
}

/** As bundles are sold: `80 min`, `80 min 12 sec`. */
function formatMinutes(seconds: number, locale: string): string {
  const parts = [
    { unit: 'minute', value: Math.floor(seconds / 60) },
    { unit: 'second', value: seconds % 60 },
  ].filter(({ unit, value }) => value > 0 || (unit === 'minute' && seconds === 0))
  return parts
    .map(({ unit, value }) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value),
    )
    .join(' ')
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
}

/** Hours may pass 24: `31:05:09`. */
function formatDuration(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

function isNothing(amount: string | undefined): amount is undefined {
  return amount === undefined || new Decimal(amount).isZero()
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
