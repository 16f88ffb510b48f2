/**
 * Taxes, fixed costs and templates of a brand as an invoice takes them, by id. What is not the brand's is not found.
 */
import type { LineTax, TaxCategory } from '../../invoices/invoice.ts'
import { Decimal } from '../../money.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

export async function loadTaxes(
  tx: Sql,
  wanted: { brandId: string; ids: readonly string[] },
): Promise<Map<string, LineTax>> {
  if (wanted.ids.length === 0) return new Map()
  const rows = await tx`
    select id, name, rate, category, reason, reason_code
    from taxes
    where brand_id = ${wanted.brandId}
      and id = any(${wanted.ids as string[]}::uuid[])`
  return new Map(
    rows.map((row) => [
      row.id as string,
      {
        category: row.category as TaxCategory,
        rate: new Decimal(row.rate),
        name: row.name as string,
        reason: row.reason as string | null,
        ...(row.reason_code !== null && { reasonCode: row.reason_code as string }),
      },
    ]),
  )
}

export interface PricedFixedCost {
  id: string
  name: string
  price: Decimal
  currency: string
  quantityRule: 'static' | 'maxCalls'
  prorate: boolean
  taxId: string | null
}

export async function loadFixedCosts(
  tx: Sql,
  wanted: { brandId: string; ids: readonly string[] },
): Promise<Map<string, PricedFixedCost>> {
  if (wanted.ids.length === 0) return new Map()
  const rows = await tx`
    select id, name, price, currency, quantity_rule, prorate, tax_id
    from fixed_costs
    where brand_id = ${wanted.brandId}
      and id = any(${wanted.ids as string[]}::uuid[])`
  return new Map(
    rows.map((row) => [
      row.id as string,
      {
        id: row.id as string,
        name: row.name as string,
        price: new Decimal(row.price),
        currency: row.currency as string,
        quantityRule: row.quantity_rule as PricedFixedCost['quantityRule'],
        prorate: row.prorate as boolean,
        taxId: row.tax_id as string | null,
      },
    ]),
  )
}

/** Content of the template, or of the brand's default; null: the built-in one. */
export async function findTemplateContent(
  tx: Sql,
  wanted: { brandId: string; id: string | null },
): Promise<unknown> {
  const [row] = await tx`
    select content
    from invoice_templates
    where brand_id = ${wanted.brandId}
      and ${wanted.id === null ? tx`is_default` : tx`id = ${wanted.id}`}`
  return row ? readJson(row.content) : null
}

export async function hasTemplate(tx: Sql, template: { brandId: string; id: string }): Promise<boolean> {
  const rows = await tx`
    select 1
    from invoice_templates
    where brand_id = ${template.brandId}
      and id = ${template.id}`
  return rows.length > 0
}

export async function keepLogo(tx: Sql, logo: { digest: string; content: string }): Promise<void> {
  await tx`
    insert into invoice_logos (digest, content)
    values (${logo.digest}, ${logo.content})
    on conflict (digest) do nothing`
}

export async function findLogo(tx: Sql, digest: string): Promise<string | null> {
  const [row] = await tx`select content from invoice_logos where digest = ${digest}`
  return row?.content ?? null
}
