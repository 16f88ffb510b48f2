/**
 * A call takes of its client's allowances what it was priced with; an item that reaches a mark by it is told.
 *
 * Once per item, period and mark: a jump over both tells the higher one alone.
 */
import { instantText } from '../db/columns.ts'
import { makeFact } from '../ledger/fact.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { showQuantity } from '../ledger/stored-draw.ts'
import { type Client, termsAt } from '../limits/client.ts'
import { formatAmount } from '../money.ts'
import { leftOfItem } from '../rating/allowance-rest.ts'
import { newId } from '../uuid.ts'
import type { Call } from './call.ts'

export function takeAllowances(call: Call, client: Client, ledger: Ledger): void {
  for (const { item, percent } of ledger.allowances.take(call, call.allowances)) {
    const { allowanceId, from, to, name, unit, amount, rolledOver, used } = item
    const data = {
      ...{ allowanceId, from, to, item: name, unit, percent },
      amount: showQuantity(unit, amount.plus(rolledOver)),
      used: showQuantity(unit, used),
      left: showQuantity(unit, leftOfItem(item)),
      at: instantText(ledger.now),
    }
    ledger.appendFact(
      makeFact('billing.allowances.low', client.id, { clientId: client.id, ...data }, ledger.now),
    )
    const email = client.allowances.find(({ id }) => id === allowanceId)?.email ?? null
    if (email === null) continue
    ledger.mail({
      id: newId(ledger.now),
      kind: 'allowance-low',
      source: `${allowanceId}:${from}:${name}:${percent}`,
      brandId: client.brandId,
      clientId: client.id,
      recipient: email,
      content: {
        clientName: client.name,
        timeZone: termsAt(client.terms, ledger.now).timeZone,
        language: client.language,
        currency: client.currency,
        ...{ itemName: name, unit, percent, at: data.at },
        used: formatAmount(used),
        included: formatAmount(amount.plus(rolledOver)),
      },
      createdAt: ledger.now,
    })
  }
}
