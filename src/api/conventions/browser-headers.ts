/**
 * Headers that tell browsers what a page may do. Switches are no browsers, and a dozen headers cost an authorization a tenth
 * of its time: their routes go without.
 */
import helmet from 'helmet'
import type { Api } from '../api.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    isForSwitches?: boolean
  }
}

export function addBrowserHeaders(app: Api): void {
  const addHeaders = helmet({ contentSecurityPolicy: false })
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.isForSwitches) return done()
    addHeaders(request.raw, reply.raw, (error) => done(error as Error | undefined))
  })
}
