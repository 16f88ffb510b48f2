/**
 * `/console`: what those who run brands and the platform look at and change.
 */
import '../shared/styles.css'
import { render } from 'preact'
import { LocationProvider, Route, Router } from 'preact-iso'
import { PageSettings } from '../portal/pages/account.tsx'
import { Door } from '../shared/door.tsx'
import { Heading, Layout } from '../shared/layout.tsx'
import { LocaleProvider, useLocale } from '../shared/locale.tsx'
import { type Me, SessionProvider, useSession } from '../shared/session.tsx'
import { Loading } from '../shared/table.tsx'
import { applyTheme } from '../shared/theme.ts'

function Pages() {
  const { session } = useSession()
  const brand = session.state === 'in' ? session.me.brand : null
  return (
    <LocaleProvider tag={brand?.language ?? null} timeZone={brand?.timeZone ?? null}>
      <WhoeverIsThere />
    </LocaleProvider>
  )
}

function WhoeverIsThere() {
  const { words } = useLocale()
  const { session } = useSession()
  if (session.state === 'out') return <Door withKeys />
  if (session.state === 'unreachable') return <p class="empty">{words.connectionLost}</p>
  if (session.state === 'asking') return <Loading />
  return <Inside me={session.me} />
}

function Inside({ me }: { me: Me }) {
  const { words } = useLocale()
  const { leave } = useSession()
  return (
    <Layout
      product={words.console}
      owner={me.brand?.name ?? words.platform}
      home="/console"
      sections={[{ path: '/console', name: words.overview }]}
      user={me.admin?.name ?? me.role}
      onLogOut={leave}
    >
      <Router>
        <Route path="/console" component={OverviewPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </Layout>
  )
}

function OverviewPage() {
  const { words } = useLocale()
  return (
    <>
      <Heading>{words.overview}</Heading>
      <PageSettings />
    </>
  )
}

function NotFoundPage() {
  const { words } = useLocale()
  return <Heading>{words.notFound}</Heading>
}

applyTheme()
const root = document.getElementById('app')
if (root) {
  render(
    <LocationProvider scope="/console">
      <SessionProvider roles={['platform', 'brand', 'finance']}>
        <Pages />
      </SessionProvider>
    </LocationProvider>,
    root,
  )
}
