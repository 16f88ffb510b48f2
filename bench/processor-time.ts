/**
 * How much of the processors has each process taken? From `/proc`, so on Linux alone. Unlike times by the clock it hardly
 * depends on what else the machine does.
 */
import { readFileSync } from 'node:fs'

/** Of Linux, whatever the kernel's own clock. */
const ticksPerSecond = 100

/** Seconds of a process with those it has started, also where they have ended. */
export function readProcessorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold blanks. Own time and that of ended children, by program and by kernel.
    const ticks = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    const ofChildren = children.map((child) => readProcessorSeconds(Number(child)))
    return (
      ticks.reduce((sum, text) => sum + Number(text), 0) / ticksPerSecond +
      ofChildren.reduce((sum, one) => sum + one, 0)
    )
  } catch {
    return 0
  }
}

export type ProcessorTimes<Name extends string> = Record<Name, number>

/** Microseconds that each of these processes takes for one of `count` pieces of work. */
export async function measureProcessorTimes<Name extends string, Result>(
  pids: Readonly<Record<Name, number>>,
  count: number,
  work: () => Promise<Result>,
): Promise<{ result: Result; micros: ProcessorTimes<Name> }> {
  const read = () => mapValues(pids, readProcessorSeconds)
  const before = read()
  const result = await work()
  const after = read()
  return { result, micros: mapValues(after, (seconds, name) => ((seconds - before[name]) * 1e6) / count) }
}

function mapValues<Name extends string>(
  record: Readonly<Record<Name, number>>,
  map: (value: number, name: Name) => number,
): Record<Name, number> {
  const entries = (Object.entries(record) as [Name, number][]).map(([name, value]) => [
    name,
    map(value, name),
  ])
  return Object.fromEntries(entries)
}
