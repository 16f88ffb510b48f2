/**
 * In which words, numbers and dates does this page speak? Words are loaded for the one language that is shown; numbers,
 * money and dates are written by Intl, days and times in the client's zone.
 *
 * Amounts stay text: Intl writes decimal text digit by digit, so nothing is rounded on its way through a number.
 */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { en, type Words } from '../words/en.ts'

export const languages = ['en', 'es', 'ca', 'it', 'de', 'fr', 'pt'] as const
export type Language = (typeof languages)[number]

const loaders: Record<Exclude<Language, 'en'>, () => Promise<Words>> = {
  es: async () => (await import('../words/es.ts')).es,
  ca: async () => (await import('../words/ca.ts')).ca,
  it: async () => (await import('../words/it.ts')).it,
  de: async () => (await import('../words/de.ts')).de,
  fr: async () => (await import('../words/fr.ts')).fr,
  pt: async () => (await import('../words/pt.ts')).pt,
}

export interface Locale {
  words: Words
  language: Language
  format: Format
}

const LocaleContext = createContext<Locale | null>(null)

export function useLocale(): Locale {
  const locale = useContext(LocaleContext)
  if (!locale) throw new Error('outside of LocaleProvider')
  return locale
}

const storedLanguage = 'tollgate.language'

/** What the reader chose here; null: as the client's settings say. */
export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(storedLanguage)
  return languages.find((known) => known === stored) ?? null
}

export function chooseLanguage(language: Language | null): void {
  if (language === null) localStorage.removeItem(storedLanguage)
  else localStorage.setItem(storedLanguage, language)
  dispatchEvent(new Event('tollgate-language'))
}

/** `tag`: of the client; null before anybody is logged in. */
export function LocaleProvider(props: {
  tag: string | null
  timeZone: string | null
  children: ComponentChildren
}) {
  const [chosen, setChosen] = useState(chosenLanguage)
  useEffect(() => {
    const change = () => setChosen(chosenLanguage())
    addEventListener('tollgate-language', change)
    return () => removeEventListener('tollgate-language', change)
  }, [])
  const tag = chosen ?? props.tag ?? navigator.language
  const language = languageOfTag(tag)
  const words = useWords(language)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const locale = useMemo(
    () => words && { words, language, format: new Format(formatTag(tag), props.timeZone ?? undefined) },
    [words, language, tag, props.timeZone],
  )
  return locale && <LocaleContext.Provider value={locale}>{props.children}</LocaleContext.Provider>
}

function useWords(language: Language): Words | null {
  const [loaded, setLoaded] = useState<{ language: Language; words: Words } | null>(null)
  useEffect(() => {
    if (language === 'en') return setLoaded({ language, words: en })
    let isCurrent = true
    loaders[language]().then((words) => isCurrent && setLoaded({ language, words }))
    return () => {
      isCurrent = false
    }
  }, [language])
  // The words of before stay until the new ones are there.
  return loaded?.words ?? null
}

function languageOfTag(tag: string): Language {
  const first = tag.toLowerCase().split(/[-_]/)[0]
  return languages.find((known) => known === first) ?? 'en'
}

/** A plain `en` would have the month before the day, a plain `pt` the customs of Brazil; documents have neither. */
function formatTag(tag: string): string {
  const known = Intl.NumberFormat.supportedLocalesOf(tag.replaceAll('_', '-'))[0] ?? 'en-GB'
  return known === 'en' ? 'en-GB' : known === 'pt' ? 'pt-PT' : known
}

/** Decimal text to Intl, which takes it exactly. */
type Decimal = Intl.StringNumericLiteral
const exact = (text: string) => text as Decimal

export class Format {
  readonly #tag: string
  readonly timeZone: string

  constructor(tag: string, timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.#tag = tag
    this.timeZone = timeZone
  }

  /**
   * With the currency's digits, and as many more as the amount has: nothing is rounded. `minDecimals`: of the column that
   * it stands in.
   */
  money(amount: string, currency: string, minDecimals = 0): string {
    const min = Math.max(currencyDigits(currency), minDecimals)
    return new Intl.NumberFormat(this.#tag, {
      style: 'currency',
      currency,
      minimumFractionDigits: min,
      maximumFractionDigits: Math.max(min, countDecimals(amount)),
    }).format(exact(amount))
  }

  decimal(amount: string): string {
    return new Intl.NumberFormat(this.#tag, { maximumFractionDigits: 20 }).format(exact(amount))
  }

  whole(value: number): string {
    return new Intl.NumberFormat(this.#tag, { maximumFractionDigits: 0 }).format(value)
  }

  /** `share`: 0 to 1. */
  percent(share: number): string {
    return new Intl.NumberFormat(this.#tag, { style: 'percent', maximumFractionDigits: 0 }).format(share)
  }

  /** `1:02:03`, `0:42`. */
  duration(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds))
    const two = (value: number) => String(value).padStart(2, '0')
    const hours = Math.floor(whole / 3600)
    const minutes = Math.floor((whole % 3600) / 60)
    return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
  }

  /** `3 h 20 min`: to the minute, for what is long or rough. */
  roughDuration(seconds: number): string {
    const unit = (value: number, name: 'hour' | 'minute') =>
      new Intl.NumberFormat(this.#tag, { style: 'unit', unit: name, maximumFractionDigits: 0 }).format(value)
    const minutes = Math.floor(seconds / 60)
    if (minutes < 60) return unit(minutes, 'minute')
    const rest = minutes % 60
    const hours = unit(Math.floor(minutes / 60), 'hour')
    return rest === 0 || minutes >= 6000 ? hours : `${hours} ${unit(rest, 'minute')}`
  }

  instant(text: string): string {
    return this.#at({ dateStyle: 'medium', timeStyle: 'medium' }, text)
  }

  time(text: string): string {
    return this.#at({ hour: '2-digit', minute: '2-digit' }, text)
  }

  /** `2026-01-31`, a day of a calendar and no instant. */
  day(text: string): string {
    return this.#day(text, { dateStyle: 'medium' })
  }

  shortDay(text: string): string {
    return this.#day(text, { day: 'numeric', month: 'short' })
  }

  /** `2026-01`. */
  month(text: string): string {
    return this.#day(`${text}-01`, { month: 'long', year: 'numeric' })
  }

  /** 1: Monday. */
  weekday(day: number): string {
    return this.#day(`2024-01-0${day}`, { weekday: 'short' })
  }

  list(words: readonly string[]): string {
    return new Intl.ListFormat(this.#tag, { type: 'conjunction' }).format(words)
  }

  /** The day that it is now in the client's zone. */
  today(now = Date.now()): string {
    return new Intl.DateTimeFormat('en-CA', { timeZone: this.timeZone }).format(now)
  }

  /** As a field for date and time has it: `2026-01-31T18:30`. */
  toLocal(instant: string): string {
    const shown = new Intl.DateTimeFormat('sv-SE', {
      ...{ dateStyle: 'short', timeStyle: 'short' },
      timeZone: this.timeZone,
    }).format(Date.parse(instant))
    return shown.replace(' ', 'T')
  }

  /** The instant of what such a field says. An hour that comes twice, or never, is read as one beside it. */
  toInstant(local: string): string {
    const asUtc = Date.parse(`${local}Z`)
    const offset = (at: number) => Date.parse(`${this.toLocal(new Date(at).toISOString())}Z`) - at
    const near = asUtc - offset(asUtc)
    return new Date(asUtc - offset(near)).toISOString()
  }

  #at(options: Intl.DateTimeFormatOptions, text: string): string {
    return new Intl.DateTimeFormat(this.#tag, { ...options, timeZone: this.timeZone }).format(
      Date.parse(text),
    )
  }

  #day(text: string, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.#tag, { ...options, timeZone: 'UTC' }).format(
      Date.parse(`${text}T00:00:00Z`),
    )
  }
}

const countDecimals = (amount: string) => amount.split('.')[1]?.length ?? 0

/** Of a column whose amounts stand under each other. */
export function maxDecimals(amounts: readonly (string | null | undefined)[]): number {
  return Math.max(0, ...amounts.map((amount) => countDecimals(amount ?? '')))
}

function currencyDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}

/** Days later, or earlier where below 0. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
