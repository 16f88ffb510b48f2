/**
 * A fact as the client that it is about may see it: without what its portal hides.
 */
import { emptyView, hiddenCallFields, type PortalView, withoutFields } from '../identities/portal-view.ts'

/** `body`: CloudEvent as JSON text. `visibility`: the client's switches. */
export function cutForClient(body: string, visibility: Partial<PortalView>): string {
  const view = { ...emptyView, ...visibility }
  const event = JSON.parse(body) as { data: Record<string, unknown> }
  const hidden = new Set(hiddenCallFields(view))
  // What legs have come to when a guard tripped is made of their prices.
  if (!view.callPrices) hidden.add('spent')
  return JSON.stringify({ ...event, data: withoutFields(event.data, hidden) })
}
