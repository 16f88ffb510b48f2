/**
 * Every page but the overview, whose figures do not wait for the code of the others.
 */
import { AccountPage } from '../portal/pages/account.tsx'
import { AllowancePlanPage } from './pages/allowance-plan.tsx'
import { AllowancePlansPage } from './pages/allowance-plans.tsx'
import { AuditLogPage } from './pages/audit-log.tsx'
import { BrandPage } from './pages/brand.tsx'
import { CalendarsPage } from './pages/calendars.tsx'
import { CallPage } from './pages/call.tsx'
import { CallsPage } from './pages/calls.tsx'
import { CarrierPage } from './pages/carrier.tsx'
import { CarriersPage } from './pages/carriers.tsx'
import { ClientPage } from './pages/client.tsx'
import { ClientsPage } from './pages/clients.tsx'
import { DeadLettersPage } from './pages/dead-letters.tsx'
import { DeckPage } from './pages/deck.tsx'
import { DecksPage } from './pages/decks.tsx'
import { DirectDebitRunPage } from './pages/direct-debit-run.tsx'
import { DirectDebitsPage } from './pages/direct-debits.tsx'
import { ExchangeRatesPage } from './pages/exchange-rates.tsx'
import { ExplainPage } from './pages/explain.tsx'
import { GuardPage } from './pages/guard.tsx'
import { GuardsPage } from './pages/guards.tsx'
import { InvoicePage } from './pages/invoice.tsx'
import { InvoiceRunPage } from './pages/invoice-run.tsx'
import { InvoiceSchedulePage } from './pages/invoice-schedule.tsx'
import { InvoicesPage } from './pages/invoices.tsx'
import { KeysPage } from './pages/keys.tsx'
import { MailsPage } from './pages/mails.tsx'
import { NewInvoicePage } from './pages/new-invoice.tsx'
import { PlanPage } from './pages/plan.tsx'
import { PlansPage } from './pages/plans.tsx'
import { ReceivablesPage } from './pages/receivables.tsx'
import { ReportSchedulePage } from './pages/report-schedule.tsx'
import { SchedulesPage } from './pages/schedules.tsx'
import { UsersPage } from './pages/users.tsx'
import { WebhookPage } from './pages/webhook.tsx'
import { WebhooksPage } from './pages/webhooks.tsx'
import { WhatIfPage } from './pages/what-if.tsx'

/** A page is there where its section is. */
export const pages = [
  { section: '/console/calls', path: '/console/calls', component: CallsPage },
  { section: '/console/calls', path: '/console/calls/:clientId/:callId', component: CallPage },
  { section: '/console/explain', path: '/console/explain', component: ExplainPage },
  { section: '/console/clients', path: '/console/clients', component: ClientsPage },
  { section: '/console/clients', path: '/console/clients/:id', component: ClientPage },
  { section: '/console/decks', path: '/console/decks', component: DecksPage },
  { section: '/console/decks', path: '/console/decks/:id', component: DeckPage },
  { section: '/console/plans', path: '/console/plans', component: PlansPage },
  { section: '/console/plans', path: '/console/plans/:id', component: PlanPage },
  { section: '/console/allowance-plans', path: '/console/allowance-plans', component: AllowancePlansPage },
  { section: '/console/allowance-plans', path: '/console/allowance-plans/:id', component: AllowancePlanPage },
  { section: '/console/calendars', path: '/console/calendars', component: CalendarsPage },
  { section: '/console/what-if', path: '/console/what-if', component: WhatIfPage },
  { section: '/console/carriers', path: '/console/carriers', component: CarriersPage },
  { section: '/console/carriers', path: '/console/carriers/:id', component: CarrierPage },
  { section: '/console/exchange-rates', path: '/console/exchange-rates', component: ExchangeRatesPage },
  { section: '/console/invoices', path: '/console/invoices', component: InvoicesPage },
  { section: '/console/invoices', path: '/console/invoices/new', component: NewInvoicePage },
  { section: '/console/invoices', path: '/console/invoices/run', component: InvoiceRunPage },
  { section: '/console/invoices', path: '/console/invoices/:id', component: InvoicePage },
  { section: '/console/receivables', path: '/console/receivables', component: ReceivablesPage },
  { section: '/console/direct-debits', path: '/console/direct-debits', component: DirectDebitsPage },
  { section: '/console/direct-debits', path: '/console/direct-debits/:id', component: DirectDebitRunPage },
  { section: '/console/schedules', path: '/console/schedules', component: SchedulesPage },
  {
    section: '/console/schedules',
    path: '/console/schedules/invoices/:id',
    component: InvoiceSchedulePage,
  },
  { section: '/console/schedules', path: '/console/schedules/reports/:id', component: ReportSchedulePage },
  { section: '/console/guards', path: '/console/guards', component: GuardsPage },
  { section: '/console/guards', path: '/console/guards/:id', component: GuardPage },
  { section: '/console/webhooks', path: '/console/webhooks', component: WebhooksPage },
  { section: '/console/webhooks', path: '/console/webhooks/:id', component: WebhookPage },
  { section: '/console/dead-letters', path: '/console/dead-letters', component: DeadLettersPage },
  { section: '/console/mails', path: '/console/mails', component: MailsPage },
  { section: '/console/audit-log', path: '/console/audit-log', component: AuditLogPage },
  { section: '/console/brand', path: '/console/brand', component: BrandPage },
  { section: '/console/users', path: '/console/users', component: UsersPage },
  { section: '/console/keys', path: '/console/keys', component: KeysPage },
  { section: '/console/account', path: '/console/account', component: AccountPage },
]
