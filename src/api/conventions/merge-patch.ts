/**
 * What is a document after a JSON Merge Patch (RFC 7396)? Objects merge, null removes, everything else replaces.
 */
import Type, { type TSchema } from 'typebox'

export type Json = unknown

export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch
  const result: Record<string, Json> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema of a patch: every member of every object may be left out or null. */
export function toPatchSchema(schema: TSchema) {
  return Type.Unsafe<Record<string, unknown>>(loosen(schema))
}

function loosen(schema: TSchema): Record<string, unknown> {
  const plain: Record<string, unknown> = { ...schema }
  const { required: _required, minProperties: _minProperties, ...rest } = plain
  if (isObject(plain.properties)) return { ...rest, properties: loosenMembers(plain.properties) }
  if (isObject(plain.patternProperties)) {
    return { ...rest, patternProperties: loosenMembers(plain.patternProperties) }
  }
  return plain
}

function loosenMembers(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, orNull(loosen(member as TSchema))]),
  )
}

function orNull(schema: Record<string, unknown>): Record<string, unknown> {
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  if (types.length === 0 || types.includes('null')) return schema
  return {
    ...schema,
    type: [...types, 'null'],
    ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
  }
}
