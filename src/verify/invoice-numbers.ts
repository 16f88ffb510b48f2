/**
 * Do the numbers of each series follow one another without a gap?
 */
import { type Check, maxDifferences } from './check.ts'

export const invoiceNumbers: Check = {
  id: 'I9',
  name: 'invoice-numbers',
  claim: 'Each series of invoice numbers runs from its start to its last number, each number once.',
  over: 'everything',
  async find(sql) {
    const rows = await sql`
      with numbered as (
        select number_sequence_id, series_year as year, min(series_number) as first, max(series_number) as last,
               count(*) as invoices, count(distinct series_number) as numbers
        from invoices
        where status <> 'draft'
        group by 1, 2
      )
      select coalesce(n.number_sequence_id, s.number_sequence_id) as id, coalesce(n.year, s.year) as year,
             n.first, n.last, coalesce(n.invoices, 0) as invoices, s.last_number as counted, q.start
      from numbered n
      full join invoice_series s on s.number_sequence_id = n.number_sequence_id and s.year = n.year
      left join invoice_number_sequences q on q.id = coalesce(n.number_sequence_id, s.number_sequence_id)
      where n.last is distinct from s.last_number
        or n.numbers <> n.invoices
        or n.numbers <> n.last - n.first + 1
        or n.first > q.start
      limit ${maxDifferences}`
    return rows.map((row) => ({
      where: { numberSequenceId: row.id, year: String(row.year) },
      detail: `series ${row.id}${row.year === 0 ? '' : ` of ${row.year}`} counts to ${row.counted ?? 'nothing'} from ${row.start}, its ${row.invoices} invoices have the numbers ${row.first ?? 'none'} to ${row.last ?? 'none'}`,
    }))
  },
}
