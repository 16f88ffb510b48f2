/** `/v1/invoice-number-sequences`: how a brand's invoices are numbered, and the number that comes next. */
import Type from 'typebox'
import type { BrandRow } from '../../db/clients/brand-rows.ts'
import { findLastIssue, findLastNumber } from '../../db/invoices/invoice-series.ts'
import { invoiceNumberSequences } from '../../db/schema.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { issueDates } from '../../invoices/due-day.ts'
import { checkSequence, invoiceNumber, seriesYear } from '../../invoices/invoice-number.ts'
import { closed, Name, PathId } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { readSql } from '../conventions/read-sql.ts'
import { readId } from '../conventions/request-scope.ts'
import { brandId, refuse, registerBrandResource } from './brand-resource.ts'

const SequenceFields = closed({
  brandId,
  name: Name,
  prefix: Type.String({
    maxLength: 40,
    pattern: '^[A-Za-z0-9 ./_{}-]*$',
    description: 'May hold {yyyy}, {yy} and {mm}, of the day of issue.',
    examples: ['F{yyyy}-'],
  }),
  width: Type.Integer({ minimum: 1, maximum: 12 }),
  start: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999_999 })),
  resetYearly: Type.Optional(Type.Boolean()),
})
type SequenceRow = BrandRow & {
  name: string
  prefix: string
  width: number
  start: number
  resetYearly: boolean
}

export function invoiceNumberSequenceRoutes(app: Api, context: ApiContext): void {
  registerBrandResource<SequenceRow, typeof SequenceFields>(app, context, {
    noun: 'invoice number sequence',
    path: '/v1/invoice-number-sequences',
    fields: SequenceFields,
    table: invoiceNumberSequences,
    toValues({ name, prefix, width, start, resetYearly }) {
      const values = { name, prefix, width, start: start ?? 1, resetYearly: resetYearly ?? false }
      refuse('This number sequence is not valid.', checkSequence(values))
      return values
    },
    toFields: ({ brandId, name, prefix, width, start, resetYearly }) => ({
      brandId,
      name,
      prefix,
      width,
      start,
      resetYearly,
    }),
    checkChange(before, after) {
      // Numbers given out follow one another; another way of counting is another sequence.
      if (before.resetYearly !== after.resetYearly || before.start !== after.start) {
        throw new Conflict('in_use', 'start and resetYearly stay as they are: make another sequence.')
      }
    },
  })

  app.get(
    '/v1/invoice-number-sequences/:id/next',
    {
      schema: {
        tags: ['Invoices'],
        summary: 'The number that the next invoice would get',
        params: Type.Object({ id: PathId }),
        response: { 200: closed({ number: Type.String() }) },
      },
    },
    async (request) => {
      const id = readId(request, 'invoice number sequence')
      const sequence = await readSequence(context, request, id)
      const now = context.calls.clock()
      return readSql(context, request, async (tx) => {
        const last = await findLastIssue(tx, id)
        const { issueDay } = issueDates(now, { brandTimeZone: sequence.timeZone, last })
        const year = seriesYear(sequence, issueDay)
        const lastNumber = await findLastNumber(tx, { sequenceId: id, year })
        const count = lastNumber === null ? sequence.start : lastNumber + 1
        return { number: invoiceNumber(sequence, count, issueDay) }
      })
    },
  )
}

async function readSequence(context: ApiContext, request: Parameters<typeof readSql>[1], id: string) {
  return readSql(context, request, async (tx) => {
    const [row] = await tx`
      select s.prefix, s.width, s.start, s.reset_yearly, b.time_zone
      from invoice_number_sequences s
      join brands b on b.id = s.brand_id
      where s.id = ${id}`
    if (!row) throw new NotFound('invoice number sequence', id)
    return {
      prefix: row.prefix as string,
      width: row.width as number,
      start: Number(row.start),
      resetYearly: row.reset_yearly as boolean,
      timeZone: row.time_zone as string,
    }
  })
}
