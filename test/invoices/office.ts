/**
 * A brand with one series and one tax, its clients, and calls that cost what the test says.
 *
 *     const office = await openOffice()
 *     const client = await office.addClient({ timeZone: 'Europe/Madrid' })
 *     await office.call(client, { day: '2026-01-05', destination: 'Spain', price: '0.35' })
 */
import { type MovementByHand, postMovement } from '../../src/accounts/post-movement.ts'
import { newCall } from '../../src/calls/call.ts'
import { moveDifference } from '../../src/calls/settle/move-difference.ts'
import { inBatch } from '../../src/db/batch.ts'
import { loadCalls, writeCalls } from '../../src/db/calls/calls.ts'
import { closeDatabase, openDatabase, type Sql } from '../../src/db/connection.ts'
import { draftInvoice } from '../../src/invoices/draft-invoice.ts'
import { type InvoiceTerms, noTerms } from '../../src/invoices/invoice-terms.ts'
import type { InvoicesContext } from '../../src/invoices/invoices-context.ts'
import { issueInvoice } from '../../src/invoices/issue-invoice.ts'
import type { InvoiceWithLines } from '../../src/invoices/stored-invoice.ts'
import { addDays, lockLedger } from '../../src/ledger/lock-ledger.ts'
import type { Client } from '../../src/limits/client.ts'
import { Decimal, formatAmount, zero } from '../../src/money.ts'
import { newId } from '../../src/uuid.ts'
import { testDatabaseUrl } from '../servers.ts'

export interface OfficeClient {
  id: string
  currency: string
  /** The office's by default. */
  brandId?: string
}

export interface TestCall {
  day: string
  destination?: string
  price?: string
  seconds?: number
  callId?: string
  answeredAt?: string
  status?: 'priced' | 'rejected' | 'started' | 'authorized'
  direction?: 'outbound' | 'inbound'
}

export type Office = Awaited<ReturnType<typeof openOffice>>

export async function openOffice(url?: string) {
  const databaseUrl = url ?? (await testDatabaseUrl())
  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 8 })
  const sql: Sql = db.$client
  const brandId = newId()
  const sequenceId = newId()
  const vatId = newId()
  let now = Date.parse('2026-02-03T09:00:00Z')
  const context: InvoicesContext = { sql, clock: () => now, onCommitted: () => {} }
  let calls = 0
  let corrections = 0

  await sql`
    insert into brands (id, name, currency, time_zone, language, issuer)
    values (${brandId}, ${`Telco ${brandId}`}, 'EUR', 'Europe/Madrid', 'es', ${JSON.stringify({
      legalName: 'Telco S.L.',
      taxId: 'B11111111',
      postalAddress: 'Calle Mayor 1',
      postalCode: '28001',
      town: 'Madrid',
      country: 'ES',
      iban: 'ES9121000418450200051332',
    })}::text::jsonb)`
  await sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width)
    values (${sequenceId}, ${brandId}, 'main', ${'F{yyyy}-'}, 4)`
  await sql`
    insert into taxes (id, brand_id, name, rate, category)
    values (${vatId}, ${brandId}, 'IVA 21 %', 21, 'S')`

  async function addClient(
    given: Partial<{
      timeZone: string
      currency: string
      billingMethod: string
      language: string
      taxIds: string[]
      email: string
      name: string
    }> = {},
  ): Promise<OfficeClient> {
    const id = newId()
    const currency = given.currency ?? 'EUR'
    const billingMethod = given.billingMethod ?? 'postpaid'
    await sql`
      insert into clients (id, brand_id, name, sip_domain, features, billing_method, language, country_code, time_zone,
                           currency, max_calls, tax_ids, invoice_data, portal_visibility, notification_templates,
                           recording, created_at)
      values (${id}, ${brandId}, ${given.name ?? `Acme ${id}`}, ${`${id}.example.com`}, ${['billing', 'invoices']},
              ${billingMethod}, ${given.language ?? 'en'}, 'ES', ${given.timeZone ?? 'Europe/Madrid'}, ${currency}, 4,
              ${given.taxIds ?? [vatId]},
              ${JSON.stringify({ legalName: 'Acme, S.A.', taxId: 'A22222222', postalAddress: 'Gran Vía 2', postalCode: '08007', town: 'Barcelona', country: 'ES', email: given.email })}::text::jsonb,
              '{"invoices": true, "ratingProfiles": false, "callPrices": true}', '{}', '{}', '2020-01-01Z')`
    await sql`insert into accounts (client_id, currency) values (${id}, ${currency})`
    return { id, currency }
  }

  /** One call: charged, rolled up, kept. */
  async function call(client: OfficeClient, given: TestCall): Promise<string> {
    const callId = given.callId ?? `call-${++calls}`
    const status = given.status ?? 'priced'
    const price = new Decimal(given.price ?? '0.1')
    const seconds = given.seconds ?? 60
    const answeredAt = Date.parse(given.answeredAt ?? `${given.day}T12:00:00Z`)
    await inBatch(sql, async ({ tx, commitAfter }) => {
      const days = status === 'priced' ? [{ clientId: client.id, day: given.day }] : []
      const ledger = await lockLedger(tx, { clientIds: [client.id], days, now: answeredAt })
      const made = newCall({
        clientId: client.id,
        callId,
        brandId: client.brandId ?? brandId,
        direction: given.direction ?? 'outbound',
        to: '+34600111222',
        createdAt: answeredAt,
      })
      made.status = status
      made.from = '+34911000111'
      made.toNormalized = '34600111222'
      made.startedAt = answeredAt
      if (status === 'priced' || status === 'rejected') {
        Object.assign(made, {
          answeredAt,
          endedAt: answeredAt + seconds * 1000,
          durationSeconds: seconds,
          usageDay: given.day,
          settledAt: answeredAt,
        })
      }
      if (status === 'rejected') made.reason = 'destination_not_priced'
      if (status === 'priced') {
        Object.assign(made, {
          price,
          billedSeconds: seconds,
          currency: client.currency,
          destination: given.destination ?? 'Spain mobile',
        })
        ledger.rollups.join(made, given.day, price)
        // What a client may spend in a day is of the calls that it places.
        if (made.direction === 'outbound') ledger.spend(client.id, given.day, price)
        ledger.post(asLimited(client), {
          kind: 'charge',
          source: `call:${callId}`,
          amount: price.negated(),
          callId,
        })
      }
      await ledger.rollups.write(tx)
      await commitAfter([writeCalls(tx, [made]), ...ledger.write(tx)])
    })
    return callId
  }

  /** What a late end or a re-rating does to a call: another duration, another price. */
  async function correct(
    client: OfficeClient,
    callId: string,
    to: { price: string; seconds: number; destination?: string },
  ): Promise<void> {
    await inBatch(sql, async ({ tx, commitAfter }) => {
      const ledger = await lockLedger(tx, { clientIds: [client.id], now })
      const [call] = await loadCalls(tx, [{ clientId: client.id, callId }])
      if (!call?.usageDay) throw new Error(`${callId} has no day`)
      await addDays(tx, ledger, [{ clientId: client.id, day: call.usageDay }])
      const before = { ...call }
      Object.assign(call, {
        price: new Decimal(to.price),
        durationSeconds: to.seconds,
        billedSeconds: to.seconds,
        destination: to.destination ?? call.destination,
      })
      corrections++
      moveDifference(before, call, asLimited(client), ledger, {
        source: `call:${callId}:correction:${corrections}`,
        actor: 'test',
        reference: 'correction',
        isFirstCharge: false,
        limitToldOn: '',
      })
      await ledger.rollups.write(tx)
      await commitAfter([writeCalls(tx, [call]), ...ledger.write(tx)])
    })
  }

  const request = { scope: { brandId, clientId: null }, actor: 'test' }
  const draft = (client: OfficeClient, from: string, to: string, terms: Partial<InvoiceTerms> = {}) =>
    draftInvoice(context, {
      ...request,
      clientId: client.id,
      numberSequenceId: sequenceId,
      period: { from, to },
      terms: { ...noTerms, ...terms },
    })

  return {
    databaseUrl,
    db,
    sql,
    context,
    brandId,
    sequenceId,
    vatId,
    request,
    addClient,
    call,
    correct,
    draft,
    /** Where the brand corrects calls of earlier invoices; by note because it says so, or because its law does. */
    async correctBy(what: 'invoice' | 'credit-note', country = 'PT'): Promise<void> {
      await sql`
        update brands
        set corrections = ${what}, issuer = issuer || jsonb_build_object('country', ${country}::text)
        where id = ${brandId}`
    },
    setNow: (text: string) => {
      now = Date.parse(text)
    },
    async issue(
      client: OfficeClient,
      from: string,
      to: string,
      terms: Partial<InvoiceTerms> = {},
    ): Promise<InvoiceWithLines> {
      const { id } = await draft(client, from, to, terms)
      return issueInvoice(context, { ...request, id })
    },
    topUp: (client: OfficeClient, amount: string, kind: MovementByHand['kind'] = 'top-up') =>
      db.transaction((tx) =>
        postMovement(tx, {
          ...{ clientId: client.id, kind, amount, reference: null, actor: 'test', idempotencyKey: null },
          now,
        }),
      ),
    async balance(client: OfficeClient): Promise<string> {
      const [row] = await sql`select balance from accounts where client_id = ${client.id}`
      const [sum] =
        await sql`select coalesce(sum(amount), 0) as sum from movements where client_id = ${client.id}`
      if (!new Decimal(row?.balance ?? zero).eq(new Decimal(sum?.sum ?? 1)))
        throw new Error('balance and movements differ')
      return formatAmount(new Decimal(row?.balance ?? zero))
    },
    async addFixedCost(given: {
      name: string
      price: string
      currency?: string
      quantityRule?: string
      prorate?: boolean
      taxId?: string
    }): Promise<string> {
      const id = newId()
      await sql`
        insert into fixed_costs (id, brand_id, name, price, currency, quantity_rule, prorate, tax_id)
        values (${id}, ${brandId}, ${given.name}, ${given.price}::text::numeric, ${given.currency ?? 'EUR'},
                ${given.quantityRule ?? 'static'}, ${given.prorate ?? false}, ${given.taxId ?? null})`
      return id
    },
    async addTax(given: { name: string; rate: string; category: string; reason?: string }): Promise<string> {
      const id = newId()
      await sql`
        insert into taxes (id, brand_id, name, rate, category, reason)
        values (${id}, ${brandId}, ${given.name}, ${given.rate}::text::numeric, ${given.category}, ${given.reason ?? null})`
      return id
    },
    close: () => closeDatabase(db),
  }
}

/** The ledger asks of a client its id, its currency and its alerts. */
function asLimited(client: OfficeClient): Client {
  return { ...client, balanceAlerts: [], maxDailyUsage: null } as unknown as Client
}

/** The code of the refusal that this work ends with. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<{ code: string; errors: { pointer: string; detail: string }[] }> {
  try {
    await work
  } catch (error) {
    return error as { code: string; errors: { pointer: string; detail: string }[] }
  }
  throw new Error('it was not refused')
}

export const fixedCostTerm = (fixedCostId: string, quantity: string | null = null) => ({
  fixedCostId,
  quantity,
  from: null,
  to: null,
  taxId: null,
})
