/**
 * `/console`: what those who run brands and the platform look at and change.
 */
import '../shared/styles.css'
import './console.css'
import { render } from 'preact'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { Door } from '../shared/door.tsx'
import { Banner, Layout, NotFoundPage } from '../shared/layout.tsx'
import { openEarly } from '../shared/live.ts'
import { LocaleProvider, useLocale } from '../shared/locale.tsx'
import { SessionProvider, useSession, wasIn } from '../shared/session.tsx'
import { Loading } from '../shared/table.tsx'
import { applyTheme } from '../shared/theme.ts'
import { ConsoleProvider, useConsole } from './console.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { listSections } from './sections.ts'
import { useOtherPages } from './use-other-pages.ts'

function Pages() {
  const { session } = useSession()
  const brand = session.state === 'in' ? session.me.brand : null
  return (
    <LocaleProvider tag={brand?.language ?? null} timeZone={brand?.timeZone ?? null}>
      <WhoeverIsThere />
      <Banner />
    </LocaleProvider>
  )
}

function WhoeverIsThere() {
  const { words } = useLocale()
  const { session } = useSession()
  if (session.state === 'out') return <Door withKeys />
  if (session.state === 'unreachable') return <p class="empty">{words.connectionLost}</p>
  if (session.state === 'asking') return <Loading />
  return (
    <ConsoleProvider me={session.me}>
      <Inside />
    </ConsoleProvider>
  )
}

function Inside() {
  const { words } = useLocale()
  const { leave } = useSession()
  const console = useConsole()
  const { me } = console
  const { path } = useLocation()
  const pages = useOtherPages()
  const sections = listSections(console, words)
  const isThere = (path: string) => sections.some((section) => 'path' in section && path === section.path)
  return (
    <Layout
      product={words.console}
      owner={me.brand?.name ?? words.platform}
      home="/console"
      sections={sections}
      user={me.admin?.name ?? me.role}
      onLogOut={leave}
    >
      {pages || path === '/console' ? (
        <Router>
          <Route path="/console" component={OverviewPage} />
          {(pages ?? [])
            .filter(({ section }) => isThere(section))
            .map(({ path, component }) => (
              <Route key={path} path={path} component={component} />
            ))}
          <Route default component={NotFoundPage} />
        </Router>
      ) : (
        <Loading />
      )}
    </Layout>
  )
}

applyTheme()
// The overview shows nothing else: its stream is asked for while it is found out who looks.
if (location.pathname === '/console' && wasIn()) openEarly()
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
