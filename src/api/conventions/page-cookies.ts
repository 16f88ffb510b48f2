/**
 * Which token do the pages of the service send, and is it their own doing?
 *
 * A page never holds its token: the browser keeps it in a cookie that no script reads, and that goes with requests of
 * this site alone (`HttpOnly`, `SameSite=Strict`). Portal and console have a cookie each, so that both may be open in
 * one browser. A page says which one it is in the header `x-tollgate-page`; a link or an event stream cannot, and is
 * told by its Referer.
 *
 * Against forged requests: a browser that tells of another site gets no token, and whatever changes something needs the
 * header, which a foreign page cannot send without asking first (CORS), and is never allowed to.
 */
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Forbidden } from '../../errors.ts'

const pages = ['portal', 'console'] as const
type Page = (typeof pages)[number]

const cookieName = (page: Page) => `tollgate_${page}`
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD'])
/** `none`: typed, or from a bookmark. */
const ownSites: ReadonlySet<string | undefined> = new Set([undefined, 'same-origin', 'none'])

/** The token in the cookie of the page that asks. */
export function pageTokenIn(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers
  if (cookie === undefined || !isOwn(request)) return undefined
  const page = namedPage(request) ?? (safeMethods.has(request.method) ? referringPage(request) : undefined)
  return page && parseCookie(cookie)[cookieName(page)]
}

/** The page that logs in. Throws `Forbidden` where it is none of ours. */
export function pageLoggingIn(request: FastifyRequest): Page {
  const page = isOwn(request) ? namedPage(request) : undefined
  if (page) return page
  throw new Forbidden('Pages of the service log in here. Programs use POST /v1/sessions, or an API key.')
}

export function setPageCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { page, token, maxAgeSeconds }: { page: Page; token: string; maxAgeSeconds: number },
): void {
  reply.header(
    'set-cookie',
    stringifySetCookie({
      name: cookieName(page),
      value: token,
      path: '/v1',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: maxAgeSeconds,
    }),
  )
}

/** After a log-out. */
export function clearPageCookie(request: FastifyRequest, reply: FastifyReply): void {
  const page = namedPage(request)
  if (page) setPageCookie(request, reply, { page, token: '', maxAgeSeconds: 0 })
}

function isOwn({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return ownSites.has(Array.isArray(site) ? site[0] : site)
}

function namedPage({ headers }: FastifyRequest): Page | undefined {
  return pages.find((page) => page === headers['x-tollgate-page'])
}

function referringPage({ headers }: FastifyRequest): Page | undefined {
  const { referer = '' } = headers
  if (!URL.canParse(referer)) return undefined
  const [, first] = new URL(referer).pathname.split('/')
  return pages.find((page) => page === first)
}
