/**
 * Where random books are kept for real: the API on a PostgreSQL, and a brand with its taxes and fixed costs. All periods lie
 * years back, so that several books are kept beside each other by the clock of the machine, as the API keeps them.
 */
import { type Answer, must, openTestApi } from '../../api/test-api.ts'
import { type OfficeClient, openOffice } from '../office.ts'
import type { FixedCost, Tax } from './naive-invoice.ts'
import { type Currency, currencies } from './random-books.ts'

export type Desk = Awaited<ReturnType<typeof openDesk>>

const taxRows = [
  { name: 'VAT', rate: '21', category: 'S', reason: null },
  { name: 'Reduced VAT', rate: '10', category: 'S', reason: null },
  { name: 'City levy', rate: '5.5', category: 'S', reason: null },
  { name: 'Sister of VAT', rate: '21', category: 'S', reason: null },
  { name: 'Exempt post', rate: '0', category: 'E', reason: 'Article 132' },
  { name: 'Exempt rent', rate: '0', category: 'E', reason: 'Article 135' },
  { name: 'Zero', rate: '0', category: 'Z', reason: null },
  { name: 'Reverse charge', rate: '0', category: 'AE', reason: 'Reverse charge' },
] as const

/** Places in `taxRows`: none, one, two rates, two of one category and rate. */
const sets = [[0], [0], [1], [], [0, 2], [0, 3], [4], [5], [6], [7]]

const costRows = [
  { name: 'Line rental', price: '30', prorate: true, tax: null },
  { name: 'Telephone', price: '9.95', prorate: false, tax: null },
  { name: 'Fraction', price: '0.3333', prorate: false, tax: null },
  { name: 'Handbook', price: '12.5', prorate: true, tax: 1 },
  { name: 'Deposit', price: '20.33', prorate: false, tax: 5 },
] as const

export async function openDesk() {
  const api = await openTestApi()
  const office = await openOffice(api.databaseUrl)
  const post = (path: string, body: object) => must(api.send('POST', path, { body }))

  const brand = await post('/v1/brands', {
    name: 'Telco of the books',
    currency: 'EUR',
    timeZone: 'Europe/Paris',
    issuer: {
      legalName: 'Telco SAS',
      taxId: 'FR12345678901',
      postalAddress: 'Rue de Rivoli 1',
      postalCode: '75001',
      town: 'Paris',
      country: 'FR',
      iban: 'FR7630006000011234567890189',
    },
  })
  const brandId: string = brand.id
  const sequence = await post('/v1/invoice-number-sequences', {
    brandId,
    name: 'main',
    prefix: 'B-',
    width: 6,
  })
  const taxes: Tax[] = []
  for (const row of taxRows) taxes.push({ ...row, id: (await post('/v1/taxes', { brandId, ...row })).id })
  const fixedCosts = {} as Record<Currency, FixedCost[]>
  for (const currency of Object.keys(currencies) as Currency[]) {
    fixedCosts[currency] = []
    for (const { tax, ...row } of costRows) {
      const bearing = tax === null ? null : (taxes[tax] ?? null)
      const { id } = await post('/v1/fixed-costs', {
        brandId,
        ...row,
        name: `${row.name} ${currency}`,
        currency,
        taxId: bearing?.id ?? null,
      })
      fixedCosts[currency].push({ ...row, name: `${row.name} ${currency}`, id, tax: bearing })
    }
  }

  let clients = 0
  return {
    api,
    office,
    /** Of each kind of client: what bears which taxes. */
    taxSets: sets.map((places) => places.flatMap((place) => taxes[place] ?? [])),
    fixedCosts,
    sequenceId: sequence.id as string,
    send: (method: string, path: string, body?: unknown): Promise<Answer> =>
      api.send(method, path, body === undefined ? {} : { body }),
    async addClient(more: object): Promise<OfficeClient> {
      const name = `Client ${++clients}`
      return post('/v1/clients', {
        brandId,
        name,
        sipDomain: `client${clients}.books.example.com`,
        countryCode: 'ES',
        timeZone: 'Europe/Madrid',
        invoiceData: {
          legalName: `${name}, S.A.`,
          taxId: 'ESA22222222',
          postalAddress: 'Gran Vía 2',
          postalCode: '08007',
          town: 'Barcelona',
          country: 'ES',
        },
        ...more,
      })
    },
    async close() {
      await office.close()
      await api.close()
    },
  }
}
