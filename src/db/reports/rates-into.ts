/** Which exchange rates of a brand into a currency are valid at an instant? */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

/** [base, rate as decimal text]; of the brand, or of that of the client. */
export async function readRatesInto(
  sql: Sql,
  asked: { brandId: string | null; clientId: string | null; currency: string; at: number },
): Promise<[string, string][]> {
  const { brandId, clientId, currency, at } = asked
  const rows = await sql<{ base: string; rate: string }[]>`
    select distinct on (base) base, rate::text as rate
    from exchange_rates
    where brand_id = ${brandId === null ? sql`(select brand_id from clients where id = ${clientId})` : sql`${brandId}`}
      and quote = ${currency}
      and valid_from <= ${instantText(at)}::timestamptz
    order by base, valid_from desc`
  return rows.map(({ base, rate }) => [base, rate])
}
