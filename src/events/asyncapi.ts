/**
 * The description of everything on NATS, for machines: AsyncAPI 3, made from the schemas that check the traffic.
 *
 * `docs/asyncapi.yaml` is its text; a test holds the two equal.
 */
import type { TSchema } from 'typebox'
import { AuthorizationMessage, callEventKinds, callEventSchemas } from '../calls/call-messages.ts'
import type { FactType } from '../ledger/fact.ts'
import { AuthorizationAnswer } from '../shapes/authorization-answer.ts'
import { authorizeQueue, authorizeSubject } from './authorization-responder.ts'
import { brandHeader } from './brand-header.ts'
import { cloudEventSchema, factData } from './fact-messages.ts'
import { billingStream, callsStream } from './streams.ts'

const factTypes = Object.keys(factData).filter((type): type is FactType => type in factData)

const kindTexts = {
  start: 'The leg has started: at set-up without `answeredAt`, or when it is answered.',
  answer: 'The leg was answered.',
  alive: 'The leg still stands.',
  end: 'The leg has ended. Enough to price it where `answeredAt` is told; null says unanswered for good.',
} as const

const factTexts: Record<FactType, string> = {
  'billing.calls.priced': 'A call was priced, or priced anew.',
  'billing.calls.rejected': 'A call ended that no active profile could price.',
  'billing.calls.hangup': 'A leg must be down by `endBy`. Repeated until its end arrives.',
  'billing.usage.warning': "A client's usage of its local day passed 50 or 80 % of its limit.",
  'billing.usage.limit-reached': "A client's usage of its local day reached its limit.",
  'billing.balance.low': 'A balance fell below one of its thresholds.',
  'billing.invoices.issued': 'An invoice was issued.',
  'billing.allowances.low': 'Of an item of an allowance 80 or 100 % are used; once each a period.',
  'billing.guards.tripped': 'A spend guard tripped for a client; once per guard, client and hour.',
}

export function asyncApiDocument(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tollgate on NATS',
      version: '0.1.0',
      description:
        'Call events come in on JetStream, authorizations as requests, facts go out on JetStream at least once: dedupe on the event id. Unknown fields of what comes in are refused; fields may be added to what goes out.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: { host: '127.0.0.1:4222', protocol: 'nats', description: 'The broker of NATS_URL.' },
    },
    channels: {
      authorize: {
        address: authorizeSubject,
        description: `Requests, shared by the queue group ${authorizeQueue}. The answer comes to the reply subject.`,
        messages: { authorizationRequest: { $ref: '#/components/messages/authorizationRequest' } },
      },
      authorizeAnswer: {
        address: null,
        description: "The request's reply subject. A problem document bears the header Status.",
        messages: {
          authorizationAnswer: { $ref: '#/components/messages/authorizationAnswer' },
          problem: { $ref: '#/components/messages/problem' },
        },
      },
      ...fromEntries(callEventKinds, (kind) => [
        `calls_${kind}`,
        {
          address: `calls.${kind}`,
          description: `Stream ${callsStream}; also calls.${kind}.<clientId>. ${kindTexts[kind]}`,
          messages: { [`call_${kind}`]: { $ref: `#/components/messages/call_${kind}` } },
        },
      ]),
      ...fromEntries(factTypes, (type) => [
        componentName(type),
        {
          address: `${type}.{clientId}`,
          description: `Stream ${billingStream}. ${factTexts[type]}`,
          parameters: { clientId: { description: "The client's id." } },
          messages: { [componentName(type)]: { $ref: `#/components/messages/${componentName(type)}` } },
        },
      ]),
      engine_hangup: {
        address: 'engines.{engine}.hangup',
        description: 'Core NATS, not stored: the same hang-up commands, for the engine that owns the leg.',
        parameters: { engine: { description: 'The `engine` of the leg.' } },
        messages: { billing_calls_hangup: { $ref: '#/components/messages/billing_calls_hangup' } },
      },
    },
    operations: {
      authorize: {
        action: 'receive',
        channel: { $ref: '#/channels/authorize' },
        reply: {
          channel: { $ref: '#/channels/authorizeAnswer' },
          address: { location: '$message.header#/reply' },
        },
      },
      ...fromEntries(callEventKinds, (kind) => [
        `receive_call_${kind}`,
        { action: 'receive', channel: { $ref: `#/channels/calls_${kind}` } },
      ]),
      ...fromEntries([...factTypes.map(componentName), 'engine_hangup'], (name) => [
        `send_${name}`,
        { action: 'send', channel: { $ref: `#/channels/${name}` } },
      ]),
    },
    components: {
      messages: {
        authorizationRequest: { payload: plain(AuthorizationMessage) },
        authorizationAnswer: {
          description: 'Granted or denied, as POST /v1/authorizations answers.',
          payload: open(AuthorizationAnswer),
        },
        problem: {
          description: 'RFC 9457.',
          headers: {
            type: 'object',
            required: ['Status'],
            properties: { Status: { type: 'string', description: 'The HTTP status.' } },
          },
          payload: {
            type: 'object',
            required: ['type', 'title', 'status', 'detail', 'code'],
            properties: {
              type: { type: 'string' },
              title: { type: 'string' },
              status: { type: 'integer' },
              detail: { type: 'string' },
              code: { type: 'string' },
              errors: { type: 'array', items: { type: 'object' } },
            },
          },
        },
        ...fromEntries(callEventKinds, (kind) => [
          `call_${kind}`,
          {
            headers: {
              type: 'object',
              properties: {
                'Nats-Msg-Id': {
                  type: 'string',
                  description: 'Optional, unique on the stream: <client>:<callId>:<kind>.',
                },
                [brandHeader]: {
                  type: 'string',
                  description:
                    'Optional: the id of the brand within which names are looked up. Without it: of all brands.',
                },
              },
            },
            payload: plain(callEventSchemas[kind]),
          },
        ]),
        ...fromEntries(factTypes, (type) => [componentName(type), { payload: open(cloudEventSchema(type)) }]),
      },
    },
  }
}

/** Names of components take no dots. */
function componentName(type: FactType): string {
  return type.replaceAll(/[.-]/g, '_')
}

function fromEntries<Key extends string>(
  keys: readonly Key[],
  entry: (key: Key) => [string, object],
): Record<string, object> {
  return Object.fromEntries(keys.map(entry))
}

/** JSON Schema without the marks that typebox keeps for itself. */
function plain(schema: TSchema): object {
  return JSON.parse(JSON.stringify(schema))
}

/** Of what goes out: fields may be added. */
function open(schema: TSchema): object {
  const isClosing = (key: string, value: unknown) => key === 'additionalProperties' && value === false
  return JSON.parse(JSON.stringify(schema, (key, value) => (isClosing(key, value) ? undefined : value)))
}

/** Block style; texts as JSON writes them, which YAML reads the same. */
export function yamlText(value: unknown, indent = ''): string {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `${indent}-${inner(item, `${indent}  `)}`).join('')
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${indent}${keyText(key)}:${inner(item, `${indent}  `)}`)
      .join('')
  }
  return `${indent}${JSON.stringify(value)}\n`
}

function inner(value: unknown, indent: string): string {
  const isBlock = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  return isBlock ? `\n${yamlText(value, indent)}` : ` ${JSON.stringify(value)}\n`
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key)
}
