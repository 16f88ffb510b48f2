/**
 * `/portal`: what a client's admins see of their own calls, money and invoices.
 */
import '../shared/styles.css'
import { render } from 'preact'
import { useMemo } from 'preact/hooks'
import { LocationProvider, Route, Router } from 'preact-iso'
import { Door } from '../shared/door.tsx'
import { Banner, Layout, NotFoundPage } from '../shared/layout.tsx'
import { LocaleProvider, useLocale } from '../shared/locale.tsx'
import { SessionProvider, useSession } from '../shared/session.tsx'
import { Loading } from '../shared/table.tsx'
import { applyTheme } from '../shared/theme.ts'
import { openPortal, PortalContext, usePortal } from './client.tsx'
import { AccountPage } from './pages/account.tsx'
import { AdminsPage } from './pages/admins.tsx'
import { AlertsPage } from './pages/alerts.tsx'
import { CallPage } from './pages/call.tsx'
import { CallsPage } from './pages/calls.tsx'
import { InvoicePage } from './pages/invoice.tsx'
import { InvoicesPage } from './pages/invoices.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { PricesPage } from './pages/prices.tsx'
import { RunningCallsPage } from './pages/running-calls.tsx'
import { StatementPage } from './pages/statement.tsx'
import { listSections } from './sections.ts'

/** A page is there where its section is. */
const pages = [
  { section: '/portal', path: '/portal', component: OverviewPage },
  { section: '/portal/running-calls', path: '/portal/running-calls', component: RunningCallsPage },
  { section: '/portal/calls', path: '/portal/calls', component: CallsPage },
  { section: '/portal/calls', path: '/portal/calls/:callId', component: CallPage },
  { section: '/portal/invoices', path: '/portal/invoices', component: InvoicesPage },
  { section: '/portal/invoices', path: '/portal/invoices/:id', component: InvoicePage },
  { section: '/portal/statement', path: '/portal/statement', component: StatementPage },
  { section: '/portal/prices', path: '/portal/prices', component: PricesPage },
  { section: '/portal/alerts', path: '/portal/alerts', component: AlertsPage },
  { section: '/portal/admins', path: '/portal/admins', component: AdminsPage },
  { section: '/portal/account', path: '/portal/account', component: AccountPage },
]

function Pages() {
  const { session } = useSession()
  const client = session.state === 'in' ? session.me.client : null
  return (
    <LocaleProvider tag={client?.language ?? null} timeZone={client?.timeZone ?? null}>
      <WhoeverIsThere />
      <Banner />
    </LocaleProvider>
  )
}

function WhoeverIsThere() {
  const { words } = useLocale()
  const { session } = useSession()
  const portal = useMemo(() => (session.state === 'in' ? openPortal(session.me) : null), [session])
  if (session.state === 'out') return <Door />
  if (session.state === 'unreachable') return <p class="empty">{words.connectionLost}</p>
  if (!portal) return <Loading />
  return (
    <PortalContext.Provider value={portal}>
      <Inside />
    </PortalContext.Provider>
  )
}

function Inside() {
  const { words } = useLocale()
  const { leave } = useSession()
  const portal = usePortal()
  const sections = listSections(portal, words)
  const isThere = (path: string) => sections.some((section) => path === section.path)
  return (
    <Layout
      product={words.portal}
      owner={portal.client.name}
      home="/portal"
      sections={sections}
      user={portal.me.admin?.name ?? portal.client.sipDomain}
      onLogOut={leave}
    >
      <Router>
        {pages
          .filter(({ section }) => isThere(section))
          .map(({ path, component }) => (
            <Route key={path} path={path} component={component} />
          ))}
        <Route default component={NotFoundPage} />
      </Router>
    </Layout>
  )
}

applyTheme()
const root = document.getElementById('app')
if (root) {
  render(
    <LocationProvider scope="/portal">
      <SessionProvider roles={['client']}>
        <Pages />
      </SessionProvider>
    </LocationProvider>,
    root,
  )
}
