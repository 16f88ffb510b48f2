/**
 * What is wrong with a value that its schema refuses, said to whoever sent it? The same sentences at every door.
 *
 * Faults come from ajv (HTTP) and from TypeBox's own validator (messages), which name what is missing or unknown
 * differently.
 */
import type { InputFault } from '../errors.ts'

export interface SchemaFault {
  keyword: string
  instancePath: string
  params: object
  message?: string
  parentSchema?: { description?: string; examples?: unknown[] }
}

/** What the two validators say of the fault. */
interface Params {
  missingProperty?: unknown
  requiredProperties?: unknown
  additionalProperty?: unknown
  additionalProperties?: unknown
  allowedValues?: unknown
  type?: unknown
}

/** One for each place that the fault names. */
export function describeFault(fault: SchemaFault): InputFault[] {
  const { keyword, instancePath } = fault
  const params: Params = fault.params
  const each = (names: readonly unknown[], detail: string) =>
    names.map((name) => ({ pointer: `${instancePath}/${escapePointer(String(name))}`, detail }))
  if (keyword === 'required')
    return each(toList(params.requiredProperties ?? params.missingProperty), 'is required')
  if (keyword === 'additionalProperties') {
    return each(toList(params.additionalProperties ?? params.additionalProperty), 'is not a known field')
  }
  return [{ pointer: instancePath, detail: describeDetail(fault) }]
}

function describeDetail({ keyword, message, parentSchema, ...fault }: SchemaFault): string {
  const params: Params = fault.params
  if (keyword === 'enum') {
    return `must be one of ${toList(params.allowedValues)
      .map((value) => JSON.stringify(value))
      .join(', ')}`
  }
  if (keyword === 'type') return `must be ${toList(params.type).join(' or ')}`
  if (keyword === 'pattern' && (parentSchema?.description || parentSchema?.examples)) {
    return describeForm(parentSchema)
  }
  return message ?? 'is not valid'
}

/** A regular expression tells a person little. */
function describeForm({ description, examples }: { description?: string; examples?: unknown[] }): string {
  const words = [
    ...(description === undefined ? [] : [description.replace(/\.$/, '')]),
    ...(examples?.[0] === undefined ? [] : [`such as ${JSON.stringify(examples[0])}`]),
  ]
  return `does not have the expected form: ${words.join(', ')}`
}

const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)
}
