/**
 * `/v1/rate-decks/{id}/rates.csv` and `.xlsx`: all rates of a deck's newest version as a sheet that an import takes back
 * unchanged. Values are as they are, also names that a spreadsheet would run as a formula: in the workbook they are text.
 */
import Type from 'typebox'
import { findRateDeck } from '../../db/tariffs/rate-decks.ts'
import { countRateRows, streamNewestRates } from '../../db/tariffs/rates.ts'
import { NotFound } from '../../errors.ts'
import type { Rate } from '../../rating/rate.ts'
import { writeReport } from '../../reports/open-report.ts'
import type { Batches } from '../../reports/report.ts'
import { PathId } from '../../shapes/fields.ts'
import { rateRowColumns, toRows } from '../../tariffs/rate-rows.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant } from '../conventions/authentication.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { readId } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { requireOneSheet } from './one-sheet.ts'

export function rateFileRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  for (const format of ['csv', 'xlsx'] as const) {
    app.get(
      `/v1/rate-decks/:id/rates.${format}`,
      {
        schema: {
          tags: ['Tariffs'],
          summary: `All rates of the newest version as ${format.toUpperCase()}`,
          description:
            'By prefix, one row per step, in the columns of an import, which takes it back unchanged.',
          params: Type.Object({ id: PathId }),
        },
      },
      async (request, reply) => {
        const id = readId(request, 'rate deck')
        await read(context, request, async (tx) => {
          if (!(await findRateDeck(tx, id, 'none'))) throw new NotFound('rate deck', id)
          if (format === 'xlsx') requireOneSheet(await countRateRows(tx, id), 'rates.csv')
        })
        return downloads.send(request, reply, async (gone) => {
          const reader = { db: context.downloads, tenant: requestTenant(request), gone }
          const batches = toFileRows(streamNewestRates(reader, id))
          return {
            ...writeReport({ name: 'rates', columns: rateRowColumns, batches }, format, { flavour: 'raw' }),
            fileName: `rates_${id}.${format}`,
          }
        })
      },
    )
  }
}

async function* toFileRows(rates: AsyncIterable<readonly Rate[]>): Batches {
  for await (const batch of rates) yield batch.flatMap(toRows)
}
