/**
 * How long a call lasted, as other systems write it, in whole seconds: what is over a second is charged as one.
 *
 * The unit stands in the text (`85s`, `1m25s`, `1h2m3.5s`, `85000ms`, `85000000000ns`), or the caller states it; a number
 * alone means seconds in one system and nanoseconds in another. Undefined for anything else, and beyond 31 days.
 */
import { Decimal } from '../money.ts'

export const durationUnits = ['seconds', 'milliseconds', 'nanoseconds'] as const
export type DurationUnit = (typeof durationUnits)[number]

const perSecond = { seconds: 1, milliseconds: 1_000, nanoseconds: 1_000_000_000 } as const
const short = { ms: 1_000, us: 1_000_000, µs: 1_000_000, ns: 1_000_000_000 } as const
const number = /^\d{1,19}(?:\.\d{1,9})?$/
const small = /^(\d{1,19}(?:\.\d{1,9})?)(ms|us|µs|ns)$/
const clock = /^(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8}(?:\.\d{1,9})?)s)?$/
const maxSeconds = 2_678_400

export function readDuration(text: string, unit: DurationUnit | null): number | undefined {
  const seconds = exactSeconds(text, unit)?.ceil()
  return seconds?.lte(maxSeconds) ? seconds.toNumber() : undefined
}

function exactSeconds(text: string, unit: DurationUnit | null): Decimal | undefined {
  if (number.test(text)) {
    if (unit !== null) return new Decimal(text).div(perSecond[unit])
    return Number(text) === 0 ? new Decimal(0) : undefined
  }
  const [, amount, name] = small.exec(text) ?? []
  if (amount !== undefined) return new Decimal(amount).div(short[name as keyof typeof short])
  const parts = clock.exec(text)
  if (!parts || text === '') return undefined
  const [, hours = '0', minutes = '0', rest = '0'] = parts
  return new Decimal(rest).plus(Number(hours) * 3600 + Number(minutes) * 60)
}
