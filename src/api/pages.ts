/**
 * The pages that people look at: `/portal` for a client's admins, `/console` for those who run brands and the platform.
 *
 * Files alone, built by `npm run build`; whatever they show they ask of the API. Each address below a page gets the page
 * itself, which reads the rest. Names of assets hold a digest of their content, so browsers keep them for good. Without
 * built pages, or with `WEB=off`, there are none.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { Api } from './api.ts'
import type { ApiContext } from './context.ts'

/** Nothing from elsewhere, nothing inline, in no frame. */
const securityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export async function servePages(app: Api, { settings: { pagesDir }, log }: ApiContext): Promise<void> {
  if (!pagesDir) return
  if (!existsSync(join(pagesDir, 'portal.html'))) {
    log?.warn({ event: 'pages_missing', folder: pagesDir }, 'no pages: npm run build makes them')
    return
  }
  for (const name of ['portal', 'console'] as const) {
    const text = readFileSync(join(pagesDir, `${name}.html`))
    for (const path of [`/${name}`, `/${name}/*`]) {
      app.get(path, { schema: { hide: true } }, async (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', securityPolicy)
          // The session's cookie is told by the page that a link stands on.
          .header('referrer-policy', 'same-origin')
          .header('cache-control', 'no-cache')
          .send(text),
      )
    }
  }
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/portal'))
  await app.register(fastifyStatic, {
    root: join(pagesDir, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
    index: false,
    decorateReply: false,
  })
}
