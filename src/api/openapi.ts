/**
 * What can be asked here? `/openapi.json` is made from the schemas that check the traffic, `/docs` shows it. Anybody may
 * ask, so its text is made once.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { version } from '../version.ts'
import type { Api } from './api.ts'
import { describeStreamedBody } from './conventions/streamed-bodies.ts'
import { describeConventions } from './describe-conventions.ts'
import { addExamples } from './examples.ts'

export async function describeApi(app: Api): Promise<void> {
  let text: Buffer | undefined
  async function sendDescription(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    text ??= Buffer.from(JSON.stringify(app.swagger()))
    return reply.type('application/json; charset=utf-8').send(text)
  }
  await app.register(swagger, {
    transform: ({ schema, url }) => ({ schema: schema && describeStreamedBody(schema), url }),
    transformObject(document) {
      if (!('openapiObject' in document)) throw new Error('this API is described by OpenAPI 3')
      addExamples(document.openapiObject.paths as Parameters<typeof addExamples>[0])
      describeConventions(document.openapiObject as Parameters<typeof describeConventions>[0])
      return document.openapiObject
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tollgate',
        version,
        description:
          'Real-time billing and rating for telephony. Money is decimal text, instants are RFC 3339 in UTC, errors are application/problem+json (RFC 9457).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key, an access token of a login, or a token of a trusted issuer.',
          },
        },
      },
      security: [{ key: [] }],
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // The page is served over plain HTTP, too.
    transformStaticCSP: (policy) => policy.replace('upgrade-insecure-requests;', ''),
    logLevel: 'silent',
    uiHooks: {
      async onRequest(request, reply) {
        if (request.routeOptions.url === '/docs/json') return sendDescription(request, reply)
      },
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, sendDescription)
}
