/**
 * Who is logged in to this page, and what may they do?
 *
 * Asked of the API when the page opens; the token itself stays in the cookie. Rights say what is worth showing: the API
 * refuses whatever a page asks for all the same.
 */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { type Answer, api, onLoggedOut, page, TollgateProblem } from './api.ts'

export type Me = Answer<'GET /v1/sessions/me'>
export type Letter = 'c' | 'r' | 'u' | 'd'

export type SessionState =
  | { state: 'asking' }
  | { state: 'out' }
  | { state: 'unreachable' }
  | { state: 'in'; me: Me }

export interface Session {
  session: SessionState
  /** After a log-in. */
  enter(): Promise<void>
  leave(): Promise<void>
}

/** Says that somebody logged in here once, and nothing else: without it there is nobody to ask about. */
const marker = `tollgate.${page}.was-in`

/** Whether it is worth to ask for what only somebody logged in gets. */
export const wasIn = () => localStorage.getItem(marker) !== null

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('outside of SessionProvider')
  return session
}

/** `roles`: whom this page is for; others count as logged out. */
export function SessionProvider({
  roles,
  children,
}: {
  roles: readonly Me['role'][]
  children: ComponentChildren
}) {
  const [session, setSession] = useState<SessionState>({ state: 'asking' })

  async function enter(): Promise<void> {
    try {
      const me = await api('GET /v1/sessions/me')
      localStorage.setItem(marker, '1')
      setSession(roles.includes(me.role) ? { state: 'in', me } : { state: 'out' })
    } catch (error) {
      const isOut = error instanceof TollgateProblem && (error.status === 401 || error.status === 403)
      if (isOut) localStorage.removeItem(marker)
      setSession({ state: isOut ? 'out' : 'unreachable' })
    }
  }

  async function leave(): Promise<void> {
    await api('DELETE /v1/sessions').catch(() => {})
    localStorage.removeItem(marker)
    setSession({ state: 'out' })
  }

  // Once, when the page opens, before its first paint.
  useLayoutEffect(() => {
    onLoggedOut(() => setSession({ state: 'out' }))
    if (!wasIn()) setSession({ state: 'out' })
    else void enter()
  }, [])

  // A service that restarts is asked again by itself.
  useEffect(() => {
    if (session.state !== 'unreachable') return
    const again = setTimeout(() => void enter(), 2000)
    return () => clearTimeout(again)
  }, [session])

  return <SessionContext.Provider value={{ session, enter, leave }}>{children}</SessionContext.Provider>
}

/** By role, rights of the admin and what the portal shows, all in one. */
export function mayDo(me: Me, resource: string, letter: Letter): boolean {
  return (me.rights[resource] ?? '').includes(letter)
}
