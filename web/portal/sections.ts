/**
 * Which sections does this admin's portal have? What is switched off for the client, or not among the admin's rights,
 * is not there at all.
 */
import type { Section } from '../shared/layout.tsx'
import type { Words } from '../words/en.ts'
import type { Portal } from './client.tsx'

export function listSections({ may }: Pick<Portal, 'may'>, words: Words): Section[] {
  const sections: [path: string, name: string, isThere: boolean][] = [
    ['/portal', words.overview, true],
    ['/portal/running-calls', words.runningCalls, may('running-calls')],
    ['/portal/calls', words.calls, may('calls')],
    ['/portal/invoices', words.invoices, may('invoices')],
    ['/portal/statement', words.statement, may('statement')],
    ['/portal/prices', words.prices, may('rating-plans') && may('rating-profiles')],
    ['/portal/alerts', words.alerts, may('balance-alerts')],
    ['/portal/admins', words.admins, may('admins')],
    ['/portal/account', words.account, true],
  ]
  return sections.filter(([, , isThere]) => isThere).map(([path, name]) => ({ path, name }))
}
