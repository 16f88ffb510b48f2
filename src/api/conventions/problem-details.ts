/**
 * What does a failed request get? One problem document (RFC 9457), whoever failed: the schema, the framework,
 * a story, PostgreSQL. The only place of the API that catches.
 *
 * Whatever is not known here is ours: it is logged with its cause and answered 500 without a word about it.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { TollgateError } from '../../errors.ts'
import { networkOf } from '../../identities/network-of.ts'
import { internalError, type Problem, toProblem } from '../../problem.ts'
import type { SchemaFault } from '../../shapes/describe-faults.ts'
import type { Api } from '../api.ts'
import { explainDatabaseError } from './database-problems.ts'
import { RefusalBrake } from './refusal-brake.ts'
import { readFaults } from './validation.ts'

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem)
}

export function describeProblem(error: unknown): Problem {
  if (error instanceof TollgateError) return toProblem(error)
  const fromDatabase = explainDatabaseError(error)
  if (fromDatabase) return toProblem(fromDatabase)
  if (isFrameworkError(error)) return frameworkProblem(error)
  return internalError
}

function isFrameworkError(error: unknown): error is FastifyError & { validationContext?: string } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
}

const frameworkCodes: Record<number, { code: string; detail: string }> = {
  400: { code: 'invalid_request', detail: 'The request is not well formed.' },
  404: { code: 'not_found', detail: 'There is no resource at this address.' },
  405: { code: 'method_not_allowed', detail: 'This method is not allowed at this address.' },
  408: { code: 'request_timeout', detail: 'The request took too long to arrive.' },
  413: { code: 'body_too_large', detail: 'The body is larger than this route takes.' },
  414: { code: 'invalid_request', detail: 'A part of the address is too long.' },
  415: {
    code: 'unsupported_media_type',
    detail: 'This route does not accept a body of this type: most take "application/json".',
  },
  429: { code: 'too_many_requests', detail: 'This key has sent too many requests: wait and repeat.' },
  431: { code: 'invalid_request', detail: 'The headers are too large.' },
}

function frameworkProblem(error: FastifyError & { validationContext?: string }): Problem {
  if (error.validation) {
    const place =
      error.validationContext === 'body' ? 'The body' : `The ${error.validationContext ?? 'request'}`
    return toProblem({
      code: 'invalid_request',
      status: 400,
      detail: `${place} does not have the expected shape.`,
      errors: readFaults(error.validation as unknown as SchemaFault[]),
    })
  }
  const status = error.statusCode ?? 500
  const known = frameworkCodes[status]
  if (!known) {
    return status < 500
      ? toProblem({ code: 'invalid_request', status, detail: 'The request cannot be served.' })
      : internalError
  }
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error instanceof SyntaxError) {
    return toProblem({ code: 'invalid_request', status: 400, detail: 'The body is not valid JSON.' })
  }
  return toProblem({ ...known, status })
}

/** Bytes that are no HTTP never become a request: answered on the socket itself. */
export function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const known = frameworkCodes[status] ?? { code: 'invalid_request', detail: 'This is not an HTTP request.' }
  const body = JSON.stringify(toProblem({ ...known, status }))
  if (!socket.writable) return void socket.destroy()
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

/** Sets the one error handler and the answers for addresses and methods that do not exist. */
export function handleProblems(app: Api, brake = new RefusalBrake()): void {
  const methodsByPath = new Map<string, Set<string>>()
  app.addHook('onRoute', (route) => {
    const methods = Array.isArray(route.method) ? route.method : [route.method]
    const known = methodsByPath.get(route.url) ?? new Set<string>()
    for (const method of methods) known.add(method)
    methodsByPath.set(route.url, known)
  })
  app.setErrorHandler((error, request: FastifyRequest, reply) => {
    const problem = describeProblem(error)
    if (problem.status >= 500)
      request.log.error({ event: 'request_failed', ...findCause(error) }, 'request failed')
    if (error instanceof TollgateError && 'retryAfterSeconds' in error)
      reply.header('retry-after', String(error.retryAfterSeconds))
    const held = hold(brake, request, problem)
    if (!held) return sendProblem(reply, problem)
    // Nobody reads it any more, and it would stay in memory until then.
    request.body = undefined
    return held.then(() => sendProblem(reply, problem))
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(methodsByPath, request.url.split('?')[0] ?? '')
    if (allowed.length === 0) {
      return sendProblem(reply, toProblem({ ...notFound, status: 404 }))
    }
    reply.header('allow', allowed.join(', '))
    return sendProblem(reply, toProblem({ ...methodNotAllowed, status: 405 }))
  })
}

function hold(
  brake: RefusalBrake,
  { identity, ip, headers, routeOptions }: FastifyRequest,
  { status }: Problem,
): Promise<void> | undefined {
  if (status === 429) return brake.holdTooMany()
  if (status >= 500) return undefined
  // One that comes in chunks does not say its length: it counts as the longest that the route takes.
  const isChunked = headers['transfer-encoding'] !== undefined
  const bytes = isChunked ? (routeOptions.bodyLimit ?? 0) : Number(headers['content-length'] ?? 0)
  return brake.holdLarge(identity?.countedAs ?? networkOf(ip), bytes)
}

/** What went wrong at the bottom: drizzle's own message would put the statement's values into the log. */
function findCause(error: unknown): { message: string; code: string | null; stack: string | null } {
  let cause = error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  if (!(cause instanceof Error)) return { message: String(cause), code: null, stack: null }
  const code = 'code' in cause ? String(cause.code) : null
  return { message: cause.message, code, stack: cause.stack ?? null }
}

const notFound = { code: 'not_found', detail: 'There is no resource at this address.' }
const methodNotAllowed = { code: 'method_not_allowed', detail: 'This method is not allowed at this address.' }

function methodsAt(methodsByPath: ReadonlyMap<string, ReadonlySet<string>>, path: string): string[] {
  const tokens = path.split('/')
  for (const [route, methods] of methodsByPath) {
    if (route.includes('*')) continue
    const parts = route.split('/')
    if (parts.length !== tokens.length) continue
    if (parts.every((part, i) => part.startsWith(':') || part === tokens[i])) return [...methods].sort()
  }
  return []
}
