/**
 * A bundle of minutes for the clients that pay in euros, afterwards: its fee stands on the invoice of last month, and calls that
 * go on draw from it. Given when the sums are checked, since the switch's own book knows rates alone.
 */
import { DateTime } from 'luxon'
import type { ServiceApi } from './service-api.ts'
import type { DemoClient } from './set-up-brand.ts'

const name = 'Portugal and France 300'

/** Answers how many have it. */
export async function giveBundles(
  api: ServiceApi,
  { brandId, clients }: { brandId: string; clients: readonly DemoClient[] },
): Promise<{ name: string; given: number }> {
  const plans = await api.list<{ id: string; name: string; brandId: string }>('/v1/allowance-plans')
  const plan =
    plans.find((one) => one.brandId === brandId && one.name === name) ??
    (await api.post<{ id: string }>('/v1/allowance-plans', {
      ...{ brandId, name, currency: 'EUR', period: 'month', fee: '9.90' },
      items: [{ name: 'minutes', prefixes: ['351', '33'], unit: 'seconds', amount: 18_000, rollover: true }],
    }))
  const buyers = clients.filter(
    ({ billingMethod, currency }) => billingMethod === 'postpaid' && currency === 'EUR',
  )
  for (const { id, timeZone } of buyers) {
    const from = DateTime.now().setZone(timeZone).startOf('month').minus({ months: 1 }).toISODate()
    await api.post(`/v1/clients/${id}/allowances`, { allowancePlanId: plan.id, from })
  }
  return { name, given: buyers.length }
}
