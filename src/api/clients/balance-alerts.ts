/**
 * `/v1/clients/{id}/balance-alerts`: who is told when the client's balance falls below a threshold.
 */
import type { Static } from 'typebox'
import {
  type BalanceAlertRow,
  deleteBalanceAlert,
  findBalanceAlert,
  insertBalanceAlert,
  listBalanceAlerts,
  updateBalanceAlert,
} from '../../db/clients/balance-alerts.ts'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import { Unprocessable } from '../../errors.ts'
import { formatAmount, parseAmount } from '../../money.ts'
import { Amount, closed, Email, Instant, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { registerResource } from '../conventions/resource.ts'

const maxOwnAlerts = 20

const AlertFields = closed({ threshold: Amount, email: Email })

export function balanceAlertRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'balance alert',
    path: '/v1/clients/:clientId/balance-alerts',
    tag: 'Accounts',
    fields: AlertFields,
    shown: closed({ id: Uuid, ...AlertFields.properties, createdAt: Instant }),
    configures: true,
    show: (row: BalanceAlertRow) => ({
      id: row.id,
      threshold: formatAmount(row.threshold),
      email: row.email,
      createdAt: instantText(row.createdAt),
    }),
    async list(tx, scope, page) {
      return listBalanceAlerts(tx, (await parentClient(tx, scope)).id, page)
    },
    async find(tx, scope, id, lock) {
      return findBalanceAlert(tx, { clientId: (await parentClient(tx, scope)).id, id }, lock)
    },
    async create(tx, scope, fields) {
      const client = await parentClient(tx, scope)
      if (scope.identity.clientId !== null) await refuseMany(tx, client.id)
      return insertBalanceAlert(tx, { id: newId(scope.now), clientId: client.id, ...toValues(fields) })
    },
    patch: {
      toFields: ({ threshold, email }) => ({ threshold: formatAmount(threshold), email }),
      update: (tx, _scope, row, fields) => updateBalanceAlert(tx, row.id, toValues(fields)),
    },
    remove: (tx, _scope, row) => deleteBalanceAlert(tx, row.id),
  })
}

/** A client's own people write to whom they like: not to everybody. */
async function refuseMany(tx: Tx, clientId: string): Promise<void> {
  const alerts = await listBalanceAlerts(tx, clientId, { limit: maxOwnAlerts, after: null })
  if (alerts.length < maxOwnAlerts) return
  throw new Unprocessable(
    'too_many_alerts',
    `There are ${maxOwnAlerts} alerts already: change or remove one.`,
  )
}

function toValues({ threshold, email }: Static<typeof AlertFields>) {
  return { threshold: parseAmount(threshold), email }
}
