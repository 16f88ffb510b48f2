/** Exchange rates of a brand, by pair. */
import { and, eq, sql } from 'drizzle-orm'
import { formatAmount } from '../../money.ts'
import type { ExchangeRate } from '../../rating/exchange-rates.ts'
import { newId } from '../../uuid.ts'
import { instantText } from '../columns.ts'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { exchangeRates } from '../schema.ts'

export async function listExchangeRates(
  tx: Tx,
  page: PagePlace & { brandId?: string | undefined; base?: string | undefined; quote?: string | undefined },
): Promise<(typeof exchangeRates.$inferSelect)[]> {
  const { brandId, base, quote } = page
  return tx
    .select()
    .from(exchangeRates)
    .where(
      and(
        afterPlace(exchangeRates, page),
        brandId ? eq(exchangeRates.brandId, brandId) : undefined,
        base ? eq(exchangeRates.base, base) : undefined,
        quote ? eq(exchangeRates.quote, quote) : undefined,
      ),
    )
    .orderBy(...inOrder(exchangeRates, page))
    .limit(page.limit)
}

/** One that is there for the same pair and instant is replaced. Answers how many were new, and how many differed. */
export async function mergeExchangeRates(
  tx: Tx,
  brandId: string,
  rates: readonly ExchangeRate[],
): Promise<{ added: number; changed: number }> {
  const rows = await tx.execute<{ added: boolean }>(sql`
    insert into exchange_rates as known (id, brand_id, base, quote, rate, valid_from)
    select id, ${brandId}, base, quote, rate::numeric, valid_from::timestamptz
    from unnest(
      ${sql.param(rates.map(() => newId()))}::uuid[],
      ${sql.param(rates.map(({ base }) => base))}::text[],
      ${sql.param(rates.map(({ quote }) => quote))}::text[],
      ${sql.param(rates.map(({ rate }) => formatAmount(rate)))}::text[],
      ${sql.param(rates.map(({ validFrom }) => instantText(validFrom)))}::text[]
    ) as given (id, base, quote, rate, valid_from)
    on conflict (brand_id, base, quote, valid_from) do update
    set rate = excluded.rate, revision = known.revision + 1, updated_at = now()
    where known.rate <> excluded.rate
    returning (xmax = 0) as added`)
  const added = rows.filter((row) => row.added).length
  return { added, changed: rows.length - added }
}
