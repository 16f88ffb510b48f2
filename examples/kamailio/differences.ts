/**
 * Where what happened is not what was written down before: sentences, none if all is well.
 */
import { Decimal } from '../../src/money.ts'
import { expectedSums } from './planned-calls.ts'
import type { Played, PlayedCall } from './play-calls.ts'

export function findDifferences({ calls, balances, verified }: Played): string[] {
  const differences = calls.flatMap(differencesOfCall)
  const topUps = { acme: '0', coins: '0.06', oneLine: '0', trusting: '0' }
  for (const [client, sum] of Object.entries(expectedSums) as [keyof typeof balances, string][]) {
    const priced = calls
      .filter(({ planned }) => planned.client === client)
      .reduce((total, { shown }) => total.plus(shown?.price ?? '0'), new Decimal(0))
    if (!priced.eq(sum)) differences.push(`${client}: priced ${priced.toFixed()}, expected ${sum}`)
    const balance = new Decimal(topUps[client]).minus(sum)
    if (!balance.eq(balances[client]))
      differences.push(`${client}: balance ${balances[client]}, expected ${balance.toFixed()}`)
  }
  if (!verified.ok) differences.push(`tollgate verify: ${verified.output}`)
  return differences
}

function differencesOfCall({ planned, placed, shown, movement }: PlayedCall): string[] {
  const { expected, name } = planned
  const differences: string[] = []
  const compare = (what: string, found: unknown, wanted: unknown) => {
    if (found !== wanted) differences.push(`${name}: ${what} is ${found}, expected ${wanted}`)
  }
  compare('answer', placed.sip, expected.sip)
  compare('course as planned', placed.asPlanned, true)
  compare('status', shown?.status ?? null, expected.status)
  compare('price', shown?.price ?? null, expected.price)
  compare('movement', movement?.amount ?? null, expected.movement)
  compare(
    'announcement',
    /^<sip:(.*)@/.exec(placed.headers.errorInfo ?? '')?.[1] ?? null,
    expected.announcement ?? null,
  )
  if (expected.reason !== undefined) {
    compare('reason', /text="(.*)"/.exec(placed.headers.reason ?? '')?.[1], expected.reason)
  }
  return differences
}
