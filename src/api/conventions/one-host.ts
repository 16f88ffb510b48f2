/**
 * A request has one Host (RFC 9112, 3.2). Of two, node takes the first and a proxy before us may take the other, so
 * that both mean different servers: refused.
 */

import { InvalidRequest } from '../../errors.ts'
import type { Api } from '../api.ts'

export function refuseTwoHosts(app: Api): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (countHosts(raw.rawHeaders) < 2) return done()
    done(new InvalidRequest('The request has more than one Host header.'))
  })
}

/** Names and values take turns. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    // Most names are told by their length.
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}
