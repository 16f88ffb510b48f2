/**
 * How does a request become checked data?
 *
 * Fastify's own validator turns `5` into `"5"` and drops unknown fields. Here bodies are taken as they are, with
 * unknown fields refused; only query and path, which are text by nature, are read as numbers and booleans.
 */
import { AjvCompiler, type BuildCompilerFromPool, type Options } from '@fastify/ajv-compiler'
import type { InputFault } from '../../errors.ts'
import { boundFaults, checkLimitsFirst, endAtMaxFaults, maxFaults } from './bound-validation.ts'

/** For Fastify's `schemaController.compilersFactory`. */
export const buildValidator: BuildCompilerFromPool = (externalSchemas, options) => {
  const factory = AjvCompiler()
  const compilerWith = (settings: Options) =>
    factory(externalSchemas, {
      onCreate(ajv) {
        checkLimitsFirst(ajv)
        options?.onCreate?.(ajv)
      },
      ...(options?.plugins ? { plugins: options.plugins } : {}),
      customOptions: {
        removeAdditional: false,
        allowUnionTypes: true,
        strict: false,
        allErrors: true,
        // With the schema at fault, whose description is what a person can use.
        verbose: true,
        code: { process: endAtMaxFaults },
        ...settings,
      },
    })
  const bodies = compilerWith({ coerceTypes: false, useDefaults: false })
  const texts = compilerWith({ coerceTypes: true, useDefaults: true })
  // Fastify hands over the whole route schema definition, whatever the typing says.
  return (route) => boundFaults(isBody(route) ? bodies(route) : texts(route))
}

function isBody(route: unknown): boolean {
  return typeof route === 'object' && route !== null && 'httpPart' in route && route.httpPart === 'body'
}

export interface SchemaFault {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
  message?: string
  parentSchema?: { description?: string; examples?: unknown[] }
}

/** What the validator complains about, one line per place. */
export function readFaults(faults: readonly SchemaFault[]): InputFault[] {
  const byPlace = new Map<string, InputFault>()
  for (const fault of faults) {
    const shown = readFault(fault)
    if (!byPlace.has(shown.pointer)) byPlace.set(shown.pointer, shown)
    if (byPlace.size >= maxFaults) break
  }
  return [...byPlace.values()]
}

function readFault({ keyword, instancePath, params, message, parentSchema }: SchemaFault): InputFault {
  if (keyword === 'required') {
    return {
      pointer: `${instancePath}/${escapePointer(String(params.missingProperty))}`,
      detail: 'is required',
    }
  }
  if (keyword === 'additionalProperties') {
    return {
      pointer: `${instancePath}/${escapePointer(String(params.additionalProperty))}`,
      detail: 'is not a known field',
    }
  }
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    return {
      pointer: instancePath,
      detail: `must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`,
    }
  }
  if (keyword === 'type') {
    return { pointer: instancePath, detail: `must be ${String(params.type).replaceAll(',', ' or ')}` }
  }
  if (keyword === 'pattern' && (parentSchema?.description || parentSchema?.examples)) {
    return { pointer: instancePath, detail: describeForm(parentSchema) }
  }
  return { pointer: instancePath, detail: message ?? 'is not valid' }
}

/** A regular expression tells a person little. */
function describeForm({ description, examples }: { description?: string; examples?: unknown[] }): string {
  const words = [
    ...(description === undefined ? [] : [description.replace(/\.$/, '')]),
    ...(examples?.[0] === undefined ? [] : [`such as ${JSON.stringify(examples[0])}`]),
  ]
  return `does not have the expected form: ${words.join(', ')}`
}

export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)
}
