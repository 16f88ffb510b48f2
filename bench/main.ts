/**
 * `npm run bench`: how fast and how large is the service, beside a floor that does the same without deciding
 * anything, measured in the same run? Prints a table; `--json FILE` writes the figures.
 *
 * Figures of one machine say little alone; ratios travel.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { benchAuthorize } from './authorize.ts'
import { benchBundles } from './bundles.ts'
import { benchCarriers } from './carriers.ts'
import { benchEInvoices } from './e-invoices.ts'
import { benchExport } from './export.ts'
import type { Figure } from './figures.ts'
import { benchGrowth } from './growth.ts'
import { benchGuards } from './guards.ts'
import { benchHostile } from './hostile.ts'
import { benchImport } from './import.ts'
import { benchInvoices } from './invoices.ts'
import { benchLists } from './lists.ts'
import { benchMemory } from './memory.ts'
import { benchMeter } from './meter.ts'
import { benchPages } from './pages.ts'
import { benchSettle } from './settle.ts'
import { benchTable } from './table.ts'
import { tableOfFigures } from './table-of-figures.ts'
import { benchWebhooks } from './webhooks.ts'

interface Options {
  only: string[]
  json?: string
  rounds: number
  millions: number
}

const parts: Record<string, (options: Options) => Promise<Figure[]>> = {
  authorize: ({ rounds }) => benchAuthorize({ rounds, requests: 6000, clients: 1000 }),
  guards: ({ rounds }) => benchGuards({ rounds, requests: 20_000, clients: 200 }),
  carriers: ({ rounds }) => benchCarriers({ rounds, requests: 20_000, clients: 200 }),
  settle: ({ rounds }) => benchSettle({ rounds: Math.min(rounds, 3), events: 12_000, clients: 1000 }),
  bundles: ({ rounds }) => benchBundles({ rounds, events: 12_000, requests: 6000, clients: 1000 }),
  meter: ({ rounds }) => benchMeter({ calls: 20_000, rounds }),
  webhooks: () => benchWebhooks({ endpoints: 1000, hanging: 10, factsPerSecond: 200, seconds: 30 }),
  import: () => benchImport(),
  table: () => benchTable(),
  lists: ({ rounds }) => benchLists({ rounds: Math.min(rounds, 3), clients: 1000 }),
  pages: ({ rounds }) => benchPages({ rounds, clients: 10_000, calls: 1_000_000, consoles: 200 }),
  export: () => benchExport({ calls: 1_000_000 }),
  invoices: () => benchInvoices({ calls: 10_000_000, clients: 2000 }),
  'e-invoices': () => benchEInvoices({ clients: 2000 }),
  // A round takes some minutes: one of five.
  hostile: ({ rounds }) => benchHostile({ rounds: Math.ceil(rounds / 5) }),
  growth: ({ rounds, millions }) => benchGrowth({ rounds, clients: 1000, millions }),
  memory: () => benchMemory({ calls: 200_000 }),
}

const options = new Command()
  .name('npm run bench --')
  .option('--only <parts>', `some of ${Object.keys(parts).join(', ')}`, readParts, Object.keys(parts))
  .option('--json <file>', 'writes the figures as JSON')
  .option('--rounds <number>', 'rounds of which the median is shown', Number, 5)
  .option('--millions <number>', 'million old calls at the end of the part growth', Number, 5)
  .parse()
  .opts<Options>()

function readParts(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !(name in parts))
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no part "${unknown}".`)
  return names
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}\n`)
const results: Record<string, Figure[]> = {}
for (const name of options.only) {
  const startedAt = performance.now()
  const figures = await (parts[name]?.(options) ?? [])
  results[name] = figures
  console.log(
    `${tableOfFigures(figures)}\n(${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s)\n`,
  )
}
if (options.json !== undefined) {
  writeFileSync(
    options.json,
    `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`,
  )
}
