/**
 * Authorizations over NATS: requests on `billing.authorize`, shared by all replicas (queue group `tollgate`).
 *
 * The same JSON as over HTTP, both ways. A refusal is an answer; a bad request is answered by the problem
 * document with a header `Status`. Who may publish on NATS is trusted for all brands. A request waits 2 s at
 * most: the authorizer reserves nothing after that and answers `service_unavailable`. An answer goes to an inbox
 * (`_INBOX.…`) alone: we may publish where those who ask may not, and a request that names such a subject as its
 * reply is not decided.
 *
 * This is the path a ringing phone waits on: what the authorizer knows at once is answered at once, without a promise.
 */
import { headers, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from 'nats'
import type { AuthorizationScope } from '../calls/authorize/authorize-calls.ts'
import {
  AuthorizationMessage,
  type AuthorizationRequest,
  readAuthorizationMessage,
} from '../calls/call-messages.ts'
import type { AuthorizationPath } from '../calls/call-metrics.ts'
import { errorMessage, InvalidRequest, TollgateError } from '../errors.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { internalError, toProblem } from '../problem.ts'
import { traceAuthorization } from '../tracing/trace-authorization.ts'
import type { Tracer } from '../tracing/tracer.ts'
import { whenKnown } from '../when-known.ts'
import { withinTime } from '../within-time.ts'
import type { Broker } from './broker.ts'
import { compileCheck, maxMessageBytes, readMessage } from './check-message.ts'
import { readTraceparent } from './trace-header.ts'

export const authorizeSubject = 'billing.authorize'
export const authorizeQueue = 'tollgate'

export interface AuthorizationResponderContext {
  broker: Broker
  authorizer: {
    authorize(request: AuthorizationRequest, scope: AuthorizationScope): object | Promise<object>
  }
  log?: Log
  tracer?: Tracer | null
  /** Told of each answer, and what decided it. */
  onAnswer?: (seconds: number, path: AuthorizationPath) => void
  /** From receipt to the decision. */
  timeoutMs?: number
}

export interface AuthorizationResponder {
  /** `bad`: not decided, those with a reply subject that is not an inbox among them. */
  state(): { waiting: number; answered: number; bad: number }
  /** Takes no further request; resolves when those taken are answered, or after 10 s. */
  close(): Promise<void>
}

const stopMs = 10_000
const inboxStart = '_INBOX.'

export function startAuthorizationResponder(context: AuthorizationResponderContext): AuthorizationResponder {
  const { broker, authorizer, log = silentLog, onAnswer, tracer = null, timeoutMs = 2000 } = context
  const failures = logOnce(log, 'authorization_request_failed', { level: 'error' })
  const refusedReplies = logOnce(log, 'authorization_reply_refused')
  const refusedSubscriptions = logOnce(log, 'authorization_subscription_refused', { level: 'error' })
  let subscription: Subscription | undefined
  let connected: NatsConnection | undefined
  let waiting = 0
  let answered = 0
  let bad = 0
  let whenIdle: (() => void) | undefined

  const stopConnecting = broker.onConnect(async (connection) => {
    // nats.js subscribes again by itself after a reconnection.
    if (connected === connection) return
    connected = connection
    subscription = connection.subscribe(authorizeSubject, {
      queue: authorizeQueue,
      callback: (error, msg) => {
        if (error) refusedSubscriptions.failed(error)
        else take(msg)
      },
    })
  })

  function take(msg: Msg): void {
    if (!msg.reply) return
    if (!msg.reply.startsWith(inboxStart)) {
      bad += 1
      refusedReplies.failed('the reply subject is not an inbox', { reply: msg.reply.slice(0, 100) })
      return
    }
    const now = Date.now()
    const request = readOrRefuse(msg, now)
    if (!request) return
    waiting += 1
    const startedAt = performance.now()
    let path: AuthorizationPath = 'memory'
    const onDecided = (by: AuthorizationPath) => {
      path = by
    }
    const scope = { brandId: null, deadlineAt: now + timeoutMs, onDecided }
    const { traceparent } = tracer ? readTraceparent(msg.headers) : {}
    whenKnown(
      () => traceAuthorization(tracer, traceparent, () => authorizer.authorize(request, scope)),
      (answer) => {
        finish()
        respond(msg, answer)
        onAnswer?.((performance.now() - startedAt) / 1000, path)
      },
      (error) => {
        finish()
        refuse(msg, error)
      },
    )
  }

  function readOrRefuse(msg: Msg, now: number): AuthorizationRequest | undefined {
    try {
      return readRequest(msg.data, now)
    } catch (error) {
      refuse(msg, error)
      return undefined
    }
  }

  function finish(): void {
    waiting -= 1
    answered += 1
    if (waiting === 0) whenIdle?.()
  }

  function refuse(msg: Msg, error: unknown): void {
    bad += 1
    if (!(error instanceof TollgateError)) failures.failed(error)
    const problem = error instanceof TollgateError ? toProblem(error) : internalError
    respond(msg, problem, { headers: statusHeader(problem.status) })
  }

  function respond(msg: Msg, answer: object, options?: { headers: MsgHdrs }): void {
    try {
      msg.respond(Buffer.from(JSON.stringify(answer)), options)
    } catch (error) {
      // Thrown into nats.js, it would end the reading of what came with this request.
      failures.failed(error)
    }
  }

  return {
    state: () => ({ waiting, answered, bad }),
    async close() {
      stopConnecting()
      await subscription?.drain().catch(() => {})
      if (waiting === 0) return
      const idle = new Promise<void>((resolve) => (whenIdle = resolve))
      await withinTime(idle, stopMs, () => {})
    },
  }
}

const checkAuthorization = compileCheck(AuthorizationMessage)
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Throws `InvalidRequest` with the places at fault. */
function readRequest(data: Uint8Array, now: number): AuthorizationRequest {
  if (data.length > maxMessageBytes) {
    throw new InvalidRequest(`The request has ${data.length} bytes: send at most ${maxMessageBytes}.`)
  }
  const checked = readMessage(decode(data), checkAuthorization)
  if (!checked.valid) {
    throw new InvalidRequest(`This is not an authorization request: ${checked.detail}.`, checked.faults)
  }
  return readAuthorizationMessage(checked.message, now)
}

function decode(data: Uint8Array): string {
  try {
    return utf8.decode(data)
  } catch (cause) {
    throw new InvalidRequest(`The request is not UTF-8 text: ${errorMessage(cause)}.`)
  }
}

const statusHeaders = new Map<number, MsgHdrs>()

function statusHeader(status: number): MsgHdrs {
  const known = statusHeaders.get(status)
  if (known) return known
  const made = headers()
  made.set('Status', String(status))
  statusHeaders.set(status, made)
  return made
}
