/**
 * Somebody to log in as: an admin of the first client for the portal, an owner of the brand for the console; and an
 * invoice of last month for the first of them to find.
 */
import { randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import type { ServiceApi } from './service-api.ts'
import type { DemoClient } from './set-up-brand.ts'

export interface LogIn {
  page: 'portal' | 'console'
  /** SIP domain of the client, or name of the brand. */
  owner: string
  username: string
  password: string
}

export async function openDoors(
  api: ServiceApi,
  { brandId, client, run }: { brandId: string; client: DemoClient; run: number },
): Promise<LogIn[]> {
  const password = `demo-${randomBytes(6).toString('hex')}`
  await api.patch(`/v1/clients/${client.id}`, {
    portalVisibility: { invoices: true, ratingProfiles: true, callPrices: true },
  })
  const person = { name: 'Ana Faro', email: 'ana@faro-textil.example.com', password }
  await api.post(`/v1/clients/${client.id}/admins`, { username: 'ana', ...person })
  const { name } = await api.get<{ name: string }>(`/v1/brands/${brandId}`)
  const username = run === 1 ? 'olga' : `olga${run}`
  await api.post(`/v1/brands/${brandId}/admins`, {
    username,
    name: 'Olga Ruiz',
    email: 'olga@example.com',
    password,
    role: 'owner',
  })
  return [
    { page: 'portal', owner: client.sipDomain, username: 'ana', password },
    { page: 'console', owner: name, username, password },
  ]
}

/** Issued, with tax, for the month before this one in the client's zone. */
export async function issueLastMonth(
  api: ServiceApi,
  { brandId, client, run }: { brandId: string; client: DemoClient; run: number },
): Promise<void> {
  const place = { postalCode: '28013', town: 'Madrid', country: 'ES' }
  await api.patch(`/v1/brands/${brandId}`, {
    issuer: { legalName: 'Tollgate Demo S.A.', taxId: 'A58818501', postalAddress: 'Calle Mayor 1', ...place },
  })
  await api.patch(`/v1/clients/${client.id}`, {
    invoiceData: {
      legalName: 'Faro Textil S.L.',
      taxId: 'B58378431',
      postalAddress: 'Calle Mayor 2',
      ...place,
    },
  })
  const end = DateTime.now().setZone(client.timeZone).startOf('month')
  const sequence = await api.post<{ id: string }>('/v1/invoice-number-sequences', {
    brandId,
    name: `Demo ${run}`,
    prefix: `D${run}-{yyyy}-`,
    width: 5,
  })
  const name = 'IVA'
  const taxes = await api.list<{ id: string; name: string; brandId: string }>('/v1/taxes')
  const tax =
    taxes.find((one) => one.brandId === brandId && one.name === name) ??
    (await api.post<{ id: string }>('/v1/taxes', { brandId, name, rate: '21', category: 'S' }))
  const invoice = await api.post<{ id: string }>('/v1/invoices', {
    clientId: client.id,
    numberSequenceId: sequence.id,
    taxIds: [tax.id],
    from: end.minus({ months: 1 }).toISODate(),
    to: end.toISODate(),
    dueDays: 30,
  })
  await api.post(`/v1/invoices/${invoice.id}/issue`, {})
}
