/**
 * A brand with many calls, all of which say whose they are, in a report, on a draft invoice, and a plan with rates.
 */
import type postgres from 'postgres'
import { makeTenant, must, type TestApi } from './test-api.ts'

export type BusyBrand = Awaited<ReturnType<typeof aBusyBrand>>

/** `owner`: as the owner of the database. A call is some 1.5 KB as JSON; `mark` stands in its labels and destination. */
export async function aBusyBrand(api: TestApi, owner: postgres.Sql, of: { calls: number; mark: string }) {
  const tenant = await makeTenant(api)
  const { brandId, clientId, brandKey: key } = tenant
  const label = of.mark.padEnd(900, 'x')
  await owner`update clients set features = array['billing', 'invoices'] where id = ${clientId}`
  await owner`
    insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds, amount)
    values (gen_random_uuid(), ${clientId}, ${brandId}, '2026-01-10', ${of.mark}, ${of.calls}, ${of.calls * 60},
            ${of.calls * 60}, ${of.calls}::numeric * 0.01)`
  await owner`
    insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
      authorized_at, started_at, answered_at, ended_at, cause, duration_seconds, billed_seconds, price, currency,
      destination, prefix, usage_day, rollup_id, labels, created_at, settled_at)
    select ${clientId}, ${of.mark} || '-' || repeat('c', 200) || n, ${brandId}, 'priced', 'outbound', '+34911000111', '+34600111222',
           '34600111222', at, at, at, at + interval '60 seconds', 16, 60, 60, 0.01, 'EUR', r.destination, '346', r.day,
           r.id, jsonb_build_object('mark', ${label}::text), at, at
    from call_rollups r, generate_series(1, ${of.calls}::integer) n,
         lateral (select '2026-01-10T08:00:00Z'::timestamptz + n * interval '1 millisecond' as at) as times
    where r.client_id = ${clientId}`
  const make = (path: string, body: object) => must(api.send('POST', path, { key, body }))
  const sequence = await make('/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const period = { from: '2026-01-01', to: '2026-02-01' }
  const invoice = await make('/v1/invoices', { clientId, numberSequenceId: sequence.id, ...period })
  const deck = await make('/v1/rate-decks', { name: of.mark, currency: 'EUR' })
  await must(
    api.send('PUT', `/v1/rate-decks/${deck.id}/rates`, {
      key,
      body: [{ prefix: '346', destination: of.mark, steps: [{ rate: '0.1' }] }],
    }),
  )
  const plan = await make('/v1/rating-plans', {
    name: of.mark,
    currency: 'EUR',
    timeZone: null,
    entries: [{ rateDeckId: deck.id, weight: 10, days: null, from: '00:00', to: '24:00' }],
  })
  return {
    ...tenant,
    mark: of.mark,
    deckId: deck.id as string,
    /** Large ones first. */
    paths: {
      json: '/v1/reports/calls',
      csv: '/v1/reports/calls.csv',
      xlsx: '/v1/reports/calls.xlsx',
      parquet: '/v1/reports/calls.parquet',
      invoice: `/v1/invoices/${invoice.id}.csv`,
      priceList: `/v1/rating-plans/${plan.id}/prices.csv`,
    },
  }
}
