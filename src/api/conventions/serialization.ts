/**
 * How does an answer become JSON?
 *
 * By Fastify's own serializer of the route's schema, compiled when the route first answers: compiling those of all routes took a
 * second of each start.
 */
import { type SerializerFactory, SerializerSelector } from '@fastify/fast-json-stringify-compiler'

/** For Fastify's `schemaController.compilersFactory`. */
export const buildSerializer: SerializerFactory = (externalSchemas, options) => {
  const compile = SerializerSelector()(externalSchemas, options)
  return (route) => {
    let serialize: ReturnType<typeof compile> | undefined
    return (answer) => {
      serialize ??= compile(route)
      return serialize(answer)
    }
  }
}
