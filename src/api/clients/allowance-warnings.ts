/** Which items of an allowance plan give a client less than they say? */
import type { ClientRow } from '../../db/clients/clients.ts'
import { listPrefixesWithoutRate } from '../../db/clients/prefixes-without-rate.ts'
import type { Tx } from '../../db/connection.ts'
import { type AllowancePlanRow, showPlanFields } from './allowance-plans.ts'

/** Of an item; the others are counted. */
const maxNamedPrefixes = 10

/** Of a client that takes this plan. A profile that brings the rates may follow later: nothing is refused. */
export async function listAllowanceWarnings(
  tx: Tx,
  { id: clientId }: ClientRow,
  plan: AllowancePlanRow,
): Promise<string[]> {
  const { items } = showPlanFields(plan)
  const prefixes = [...new Set(items.flatMap((item) => item.prefixes))]
  if (prefixes.length === 0) return []
  const unpriced = new Set(await listPrefixesWithoutRate(tx, { clientId, prefixes }))
  return items.flatMap((item) => {
    const without = item.prefixes.filter((prefix) => unpriced.has(prefix))
    if (without.length === 0) return []
    const more = without.length > maxNamedPrefixes ? ` and ${without.length - maxNamedPrefixes} more` : ''
    const named = `${without.slice(0, maxNamedPrefixes).join(', ')}${more}`
    const left = without.length === item.prefixes.length ? ': it can never be drawn' : ''
    return [`No plan of the client has a rate for ${named} of the item "${item.name}"${left}.`]
  })
}
