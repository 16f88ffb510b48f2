/**
 * What a run says of itself: its result in one line, and the figures behind it.
 */
import type { Checked } from './check-books.ts'
import type { FaultKind } from './plan-faults.ts'
import type { Traffic } from './traffic.ts'

export interface ChaosFigures {
  recoveryMs: number[]
  counts: Map<FaultKind, number>
  /** Fail points that were not reached, and faults for which this machine has no means. */
  missed: string[]
}

export function tellResult({
  seed,
  copies,
  figures,
  checks,
}: {
  seed: number
  copies: number
  figures: ChaosFigures
  checks: readonly Checked[]
}): string {
  const seen = countFaults(figures)
  const points = figures.counts.get('fail point') ?? 0
  const faults = checks.flatMap((check) => check.faults)
  const lost = faults.filter((fault) => fault.startsWith('LOST')).length
  const doubled = faults.filter((fault) => fault.startsWith('DOUBLED')).length
  const held = checks.filter((check) => check.faults.length === 0).length
  return (
    `seed ${seed}: ${copies} events, ${seen} faults (${seen - points} random + ${points} fail points): ` +
    `${lost} lost, ${doubled} doubled, ${faults.length - lost - doubled} unexplained; ${held}/${checks.length} checks hold`
  )
}

export function tellFigures({
  calls,
  charged,
  unacked,
  traffic: { answers, authorizeMs },
  figures,
}: {
  calls: number
  charged: string
  unacked: number
  traffic: Pick<Traffic, 'answers' | 'authorizeMs'>
  figures: ChaosFigures
}): string {
  const { recoveryMs, counts, missed } = figures
  const { granted, denied, none } = answers
  const seen = countFaults(figures)
  return [
    `${calls} calls, ${charged} charged; ${unacked} publishes without an acknowledgement`,
    `recovery p50 ${at(recoveryMs, 0.5)} ms, p95 ${at(recoveryMs, 0.95)} ms, max ${at(recoveryMs, 1)} ms`,
    `authorizations granted ${granted}, denied ${denied}, unanswered within 500 ms ${none}; p50 ${at(authorizeMs, 0.5)}, p99 ${at(authorizeMs, 0.99)} ms`,
    `faults: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    ...(missed.length > 0 ? [`not reached or not possible: ${missed.join(' ')}`] : []),
    `0 failures in ${seen} faults would say with 95 % that less than ${((1 - 0.05 ** (1 / Math.max(1, seen))) * 100).toFixed(1)} % of such faults fail`,
  ].join('\n')
}

function countFaults({ counts }: ChaosFigures): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
}
