/**
 * Why a call costs what it costs: the parts of its explanation as lines of a sum, in words.
 *
 * What was tried and did not match is left out here: it explains a tariff, not this price.
 */
import type { ComponentChildren } from 'preact'
import { useLocale } from './locale.tsx'

interface Step {
  rate: string
  perSeconds: number
  incrementSeconds: number
}

interface Window {
  days: number[] | null
  from: string
  to: string
}

/** The item of an allowance that pays it, so that nothing is left to charge. */
interface CoveredBy {
  item: string
}

/** The kinds that are shown; the API has more. */
export type PricePart =
  | { kind: 'cut'; cutAt: string }
  | { kind: 'rate'; fromSecond: number; prefix: string; destination: string; window: Window | null }
  | { kind: 'connectFee'; amount: string; coveredBy?: CoveredBy }
  | { kind: 'freeSeconds'; seconds: number }
  | { kind: 'graceSeconds'; seconds: number }
  | { kind: 'stretch'; seconds: number; step: Step; amount: string; coveredBy?: CoveredBy }
  | { kind: 'sum'; amount: string }
  | { kind: 'rounding'; mode: string; decimals: number; before: string; after: string }
  | { kind: 'minimumPrice' | 'maximumPrice'; after: string }
  | { kind: 'price'; amount: string }

/** undefined: there is none, or it is hidden. */
export function readExplanation(explanation: unknown): PricePart[] | undefined {
  return Array.isArray(explanation) && explanation.some((part) => part.kind === 'price')
    ? (explanation as PricePart[])
    : undefined
}

export function PriceAsSum({ parts, currency }: { parts: readonly PricePart[]; currency: string }) {
  return (
    <ul class="ledger">
      {parts.map((part, place) => (
        <Line key={place} part={part} currency={currency} isOnlyStretch={countAmounts(parts) < 2} />
      ))}
    </ul>
  )
}

const countAmounts = (parts: readonly PricePart[]) =>
  parts.filter((part) => part.kind === 'stretch' || (part.kind === 'connectFee' && part.amount !== '0'))
    .length

function Line({
  part,
  currency,
  isOnlyStretch,
}: {
  part: PricePart
  currency: string
  isOnlyStretch: boolean
}) {
  const { words, format } = useLocale()
  const noteOf = ({ coveredBy }: { coveredBy?: CoveredBy }) => coveredBy && words.coveredBy(coveredBy.item)
  const money = (amount: string) => formatExact(amount, (text) => format.money(text, currency))
  switch (part.kind) {
    case 'cut':
      return <Row text={words.cutAt(format.instant(part.cutAt))} />
    case 'rate':
      return (
        <Row
          text={words.rateOf(part.destination || part.prefix, part.prefix)}
          note={[
            part.fromSecond > 0 ? words.rateFrom(format.whole(part.fromSecond)) : '',
            part.window ? describeWindow(part.window, { words, format }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      )
    case 'connectFee':
      return part.amount === '0' && !part.coveredBy ? null : (
        <Row text={words.connectFee} amount={money(part.amount)} note={noteOf(part)} />
      )
    case 'freeSeconds':
      return <Row text={words.freeSeconds(format.whole(part.seconds))} amount={money('0')} />
    case 'graceSeconds':
      return <Row text={words.graceSeconds(format.whole(part.seconds))} amount={money('0')} />
    case 'stretch': {
      const { rate, perSeconds, incrementSeconds } = part.step
      return (
        <Row
          text={words.stretch(
            format.whole(part.seconds),
            format.money(rate, currency),
            format.whole(perSeconds),
            format.whole(incrementSeconds),
          )}
          amount={money(part.amount)}
          note={noteOf(part)}
        />
      )
    }
    case 'sum':
      return isOnlyStretch ? null : <Row text={words.sum} amount={money(part.amount)} />
    case 'rounding': {
      if (part.before === part.after) return null
      const mode = words.roundings[part.mode as keyof typeof words.roundings] ?? part.mode
      return (
        <Row
          text={words.roundedTo(mode, format.whole(part.decimals))}
          amount={format.money(part.after, currency)}
        />
      )
    }
    case 'minimumPrice':
    case 'maximumPrice':
      return <Row text={words[part.kind]} amount={format.money(part.after, currency)} />
    case 'price':
      return <Row text={words.price} amount={format.money(part.amount, currency)} isResult />
    default:
      return null
  }
}

function Row({
  text,
  amount,
  note,
  isResult,
}: {
  text: string
  amount?: ComponentChildren
  note?: string | undefined
  isResult?: boolean
}) {
  return (
    <li class={isResult ? 'result' : undefined}>
      <span>{text}</span>
      <span class="amount">{amount}</span>
      {note && <small>{note}</small>}
    </li>
  )
}

/** An amount that does not end is told with its first digits and `…`. */
function formatExact(amount: string, write: (text: string) => string): string {
  return amount.endsWith('…') ? `${write(amount.slice(0, -1))}…` : write(amount)
}

export function describeWindow(
  { days, from, to }: Window,
  { words, format }: Pick<ReturnType<typeof useLocale>, 'words' | 'format'>,
): string {
  const names = days === null ? words.everyDay : format.list(days.map((day) => format.weekday(day)))
  return words.windowOf(names, from, to)
}
