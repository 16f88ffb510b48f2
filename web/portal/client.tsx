/**
 * Whose portal is open: the client, and what its admin may see of it. Set once somebody is logged in.
 */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Answer } from '../shared/api.ts'
import { type Letter, type Me, mayDo } from '../shared/session.tsx'

export interface Portal {
  me: Me
  client: NonNullable<Me['client']>
  may(resource: string, letter?: Letter): boolean
}

/** What the stream of events tells of a client, as far as it is shown. */
export interface LiveClient {
  runningCalls?: Answer<'GET /v1/clients/{clientId}/running-calls'>['data']
  balance?: Answer<'GET /v1/clients/{clientId}/balance'> | null
  dailyUsage?: Answer<'GET /v1/clients/{clientId}/daily-usage'> | null
  allowances?: Answer<'GET /v1/clients/{clientId}/allowances'>['data']
}

export const PortalContext = createContext<Portal | null>(null)

export function openPortal(me: Me): Portal | null {
  const { client } = me
  return client && { me, client, may: (resource, letter = 'r') => mayDo(me, resource, letter) }
}

export function usePortal(): Portal {
  const portal = useContext(PortalContext)
  if (!portal) throw new Error('outside of a portal')
  return portal
}
