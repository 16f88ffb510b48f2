/**
 * Which windows of a plan are open in each minute of a week, where is none, and where are several?
 *
 * Days are 1 (Monday) to 7. A window that ends before it begins goes on into the next day. Windows that ask a calendar are
 * left out: which dates it has differs from week to week.
 */
export interface PlanWindow {
  days: readonly number[] | null
  from: string
  to: string
}

/** A stretch of a day with the same windows open; `open`: their places in the list. */
export interface Stretch {
  /** Minutes of the day. */
  from: number
  to: number
  open: readonly number[]
}

export const dayMinutes = 1440

export function readMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

export function describeDay(windows: readonly PlanWindow[], day: number): Stretch[] {
  const spans = windows.flatMap((window, place) => listSpans(window, day).map((span) => ({ ...span, place })))
  const bounds = [...new Set([0, dayMinutes, ...spans.flatMap(({ from, to }) => [from, to])])].sort(
    (a, b) => a - b,
  )
  const stretches: Stretch[] = []
  for (const [index, from] of bounds.slice(0, -1).entries()) {
    const to = bounds[index + 1] ?? dayMinutes
    const open = spans.filter((span) => span.from <= from && span.to >= to).map(({ place }) => place)
    const last = stretches.at(-1)
    if (last && last.open.join() === open.join()) last.to = to
    else stretches.push({ from, to, open })
  }
  return stretches
}

function listSpans({ days, from, to }: PlanWindow, day: number): { from: number; to: number }[] {
  const [begin, end] = [readMinutes(from), readMinutes(to)]
  const holds = (asked: number) => days === null || days.includes(asked)
  if (begin < end) return holds(day) ? [{ from: begin, to: end }] : []
  const yesterday = day === 1 ? 7 : day - 1
  return [
    ...(holds(yesterday) && end > 0 ? [{ from: 0, to: end }] : []),
    ...(holds(day) ? [{ from: begin, to: dayMinutes }] : []),
  ]
}

export function formatMinutes(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
