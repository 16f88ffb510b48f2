/**
 * Which sections does the console have for whoever is logged in? What they have no right to is not there at all.
 */
import type { Section } from '../shared/layout.tsx'
import type { Words } from '../words/en.ts'
import type { Console } from './console.tsx'

export function listSections(
  { may, texts, me }: Pick<Console, 'may' | 'texts' | 'me'>,
  words: Words,
): (Section | { heading: string })[] {
  const groups: [heading: string, sections: [path: string, name: string, isThere: boolean][]][] = [
    [
      texts.sections.operate,
      [
        ['/console', words.overview, true],
        ['/console/calls', words.calls, may('calls')],
        ['/console/explain', texts.explain, may('price-simulations')],
      ],
    ],
    [
      texts.sections.sell,
      [
        ['/console/clients', texts.clients, may('clients')],
        ['/console/decks', texts.decks, may('rate-decks')],
        ['/console/plans', texts.plans, may('rating-plans')],
        ['/console/allowance-plans', texts.allowancePlans, may('allowance-plans')],
        ['/console/calendars', texts.calendars, may('calendars')],
        ['/console/what-if', texts.whatIf, may('what-if') && may('rating-plans')],
      ],
    ],
    [
      texts.sections.buy,
      [
        ['/console/carriers', texts.carriers, may('carriers')],
        ['/console/exchange-rates', texts.exchangeRates, may('exchange-rates')],
      ],
    ],
    [
      texts.sections.bill,
      [
        ['/console/invoices', words.invoices, may('invoices')],
        ['/console/receivables', texts.receivables, may('receivables')],
        ['/console/direct-debits', texts.directDebits, may('direct-debit-runs')],
        ['/console/schedules', texts.schedules, may('invoice-schedules') || may('report-schedules')],
      ],
    ],
    [
      texts.sections.watch,
      [
        ['/console/guards', texts.guards, may('spend-guards')],
        ['/console/webhooks', texts.webhooks, may('webhooks')],
        ['/console/dead-letters', texts.deadLetters, may('dead-letters')],
        ['/console/mails', texts.mails, may('mails')],
        ['/console/audit-log', texts.auditLog, may('audit-log')],
      ],
    ],
    [
      texts.sections.people,
      [
        ['/console/brand', texts.brandSettings.title, may('brands', 'u')],
        ['/console/users', texts.users, may('brand-admins')],
        ['/console/keys', texts.keys, may('api-keys')],
        ['/console/account', words.account, me !== null],
      ],
    ],
  ]
  return groups.flatMap(([heading, sections]) => {
    const shown = sections.filter(([, , isThere]) => isThere).map(([path, name]) => ({ path, name }))
    return shown.length > 0 ? [{ heading }, ...shown] : []
  })
}
