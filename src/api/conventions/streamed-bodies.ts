/**
 * Bodies that a route reads as a stream: no schema checks them, and the API's description has a place for them all the
 * same, by their media types. `/docs` offers a file to choose where a schema is `AnyFile`.
 */
import type { FastifySchema } from 'fastify'
import Type, { type TSchema } from 'typebox'

declare module 'fastify' {
  interface FastifySchema {
    /** By media type, the most usual one first. */
    streamed?: Readonly<Record<string, TSchema>>
  }
}

export const AnyFile = Type.String({ format: 'binary', contentMediaType: 'application/octet-stream' })

/** For the description alone: with a `body` the route itself would be given a check of it. */
export function describeStreamedBody<Schema extends FastifySchema>(schema: Schema): Schema {
  const { streamed } = schema
  if (!streamed) return schema
  const content = Object.entries(streamed).map(([type, one]) => [type, { schema: one }])
  return { ...schema, body: { content: Object.fromEntries(content) } }
}
