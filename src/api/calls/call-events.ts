/**
 * `POST /v1/call-events`: call events for engines without NATS; singly, as an array or one per line.
 *
 * The route splits the batch and says for which brand the key is; shape, content and clients are checked where the
 * events of NATS are, so both ways refuse the same. Answered when the broker has what was accepted.
 */
import secureJson from 'secure-json-parse'
import Type from 'typebox'
import { InvalidRequest } from '../../errors.ts'
import { closed } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { parseJsonBodies } from '../conventions/bodies.ts'

const maxEvents = 1000
const bodyLimit = 1024 * 1024

type Rejection = { index: number; code: string; detail: string }
/** A line that is no JSON keeps its place in the batch. */
const notJson = Symbol('not JSON')

const Answer = closed({
  accepted: Type.Integer(),
  rejected: Type.Array(closed({ index: Type.Integer(), code: Type.String(), detail: Type.String() })),
})

export function callEventRoutes(app: Api, context: ApiContext): void {
  app.removeContentTypeParser('application/json')
  parseJsonBodies(app, ['application/json'], 'passed')
  app.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'string', bodyLimit },
    (_request, text, done) => {
      done(
        null,
        String(text)
          .split('\n')
          .filter((line) => line.trim() !== '')
          // Too many are refused by their number.
          .map((line, _at, lines) => (lines.length > maxEvents ? notJson : parseLine(line))),
      )
    },
  )
  app.post(
    '/v1/call-events',
    {
      bodyLimit,
      schema: {
        tags: ['Events'],
        summary: 'Publish call events',
        description:
          'One event, an array or newline-delimited JSON of up to 1,000: the bodies of docs/asyncapi.yaml with a `kind` (start, answer, alive, end). 400 where none is accepted.',
        consumes: ['application/json', 'application/x-ndjson'],
        body: Type.Unsafe<unknown>({ type: ['object', 'array'] }),
        response: { 202: Answer },
      },
    },
    async (request, reply) => {
      const events = Array.isArray(request.body) ? request.body : [request.body]
      if (events.length === 0 || events.length > maxEvents) {
        throw new InvalidRequest(`Send 1 to ${maxEvents} events, not ${events.length}.`)
      }
      const answer = await publish(context, events, {
        brandId: requireIdentity(request).brandId,
        traceparent: context.calls.tracer ? request.headers.traceparent : undefined,
      })
      if (answer.accepted === 0) {
        throw new InvalidRequest(
          'No event was accepted.',
          answer.rejected.slice(0, 100).map(({ index, code, detail }) => ({
            pointer: Array.isArray(request.body) ? `/${index}` : '',
            detail: `${code}: ${detail}`,
          })),
        )
      }
      return reply.code(202).send(answer)
    },
  )
}

async function publish(
  context: ApiContext,
  events: readonly unknown[],
  scope: { brandId: string | null; traceparent: unknown },
) {
  const rejected: Rejection[] = []
  const passed: { index: number; event: unknown }[] = []
  for (const [index, event] of events.entries()) {
    if (event === notJson) rejected.push({ index, code: 'invalid_json', detail: 'is not valid JSON' })
    else passed.push({ index, event })
  }
  if (passed.length === 0) return { accepted: 0, rejected }
  const published = await context.publishCallEvents(
    passed.map(({ event }) => event),
    {
      brandId: scope.brandId,
      ...(typeof scope.traceparent === 'string' && { traceparent: scope.traceparent }),
    },
  )
  for (const { index, code, detail } of published.rejected) {
    rejected.push({ index: passed[index]?.index ?? index, code, detail })
  }
  rejected.sort((one, other) => one.index - other.index)
  return { accepted: published.accepted, rejected }
}

function parseLine(line: string): unknown {
  try {
    return secureJson.parse(line)
  } catch {
    return notJson
  }
}
