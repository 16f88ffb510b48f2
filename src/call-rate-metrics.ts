/**
 * Metrics of what happens with every call. prom-client looks for a row by a text that it puts together of all labels, and
 * keeps the counts of a histogram under names that are numbers: 1 to 3 µs a value, which is a tenth of a grant from memory.
 * Here a row is found by its labels' values, and a count is a number of an array. What is shown is the same.
 */
import { Counter, type Metric, type Registry } from 'prom-client'

interface Described<Label extends string> {
  name: string
  help: string
  /** Three at most. */
  labelNames: readonly Label[]
  registers: readonly Registry[]
}

/** One row for each set of values that has come up. */
class Rows<Label extends string, Row> {
  readonly #labelNames: readonly Label[]
  readonly #make: (labels: Record<Label, string>) => Row
  readonly #byFirst = new Map<string, Map<string, Map<string, Row>>>()
  readonly all: Row[] = []

  constructor(labelNames: readonly Label[], make: (labels: Record<Label, string>) => Row) {
    this.#labelNames = labelNames
    this.#make = make
  }

  find(first: string, second: string, third: string): Row {
    return this.#byFirst.get(first)?.get(second)?.get(third) ?? this.#add(first, second, third)
  }

  #add(...values: [string, string, string]): Row {
    const [first, second, third] = values
    const row = this.#make(
      Object.fromEntries(this.#labelNames.map((name, i) => [name, values[i]])) as Record<Label, string>,
    )
    const bySecond = this.#byFirst.get(first) ?? new Map<string, Map<string, Row>>()
    this.#byFirst.set(first, bySecond)
    const byThird = bySecond.get(second) ?? new Map<string, Row>()
    bySecond.set(second, byThird)
    byThird.set(third, row)
    this.all.push(row)
    return row
  }
}

/** A counter of up to three labels. */
export class RowCounter<Label extends string> {
  readonly #rows: Rows<Label, { labels: Record<Label, string>; count: number }>

  constructor({ labelNames, registers, ...described }: Described<Label>) {
    const rows = new Rows<Label, { labels: Record<Label, string>; count: number }>(labelNames, (labels) => ({
      labels,
      count: 0,
    }))
    this.#rows = rows
    new Counter({
      ...described,
      labelNames: [...labelNames],
      registers: [...registers],
      collect() {
        this.reset()
        for (const { labels, count } of rows.all) this.inc(labels, count)
      },
    })
  }

  /** The labels' values, in their order. */
  inc(first: string, second = '', third = ''): void {
    this.#rows.find(first, second, third).count++
  }
}

interface Buckets<Label extends string> {
  labels: Record<Label, string>
  /** By bucket, each value in one; behind the last: what is above all. */
  counts: Float64Array
  sum: number
}

/** A histogram of up to three labels. */
export class RowHistogram<Label extends string> {
  readonly name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #rows: Rows<Label, Buckets<Label>>

  /** `buckets`: upper bounds, ascending. */
  constructor({
    name,
    help,
    labelNames,
    buckets,
    registers,
  }: Described<Label> & { buckets: readonly number[] }) {
    this.name = name
    this.#help = help
    this.#bounds = buckets
    this.#rows = new Rows(labelNames, (labels) => ({
      labels,
      counts: new Float64Array(buckets.length + 1),
      sum: 0,
    }))
    // A registry asks a metric for no more than its name and `get`, whatever the typing says.
    for (const registry of registers) registry.registerMetric(this as unknown as Metric<Label>)
  }

  /** The labels' values, in their order. */
  observe(value: number, first: string, second = '', third = ''): void {
    const row = this.#rows.find(first, second, third)
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++
    row.counts[bucket] = (row.counts[bucket] ?? 0) + 1
    row.sum += value
  }

  /** For the registry. */
  async get() {
    const values = this.#rows.all.flatMap(({ labels, counts, sum }) => {
      let count = 0
      const buckets = [...this.#bounds, '+Inf'].map((le, i) => {
        count += counts[i] ?? 0
        return { metricName: `${this.name}_bucket`, labels: { ...labels, le }, value: count }
      })
      return [
        ...buckets,
        { metricName: `${this.name}_sum`, labels, value: sum },
        { metricName: `${this.name}_count`, labels, value: count },
      ]
    })
    return { name: this.name, help: this.#help, type: 'histogram', aggregator: 'sum', values }
  }
}
