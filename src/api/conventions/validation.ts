/**
 * How does a request become checked data?
 *
 * Fastify's own validator turns `5` into `"5"` and drops unknown fields. Here bodies are taken as they are, with
 * unknown fields refused; only query and path, which are text by nature, are read as numbers and booleans.
 */
import { AjvCompiler, type BuildCompilerFromPool, type Options } from '@fastify/ajv-compiler'
import type { InputFault } from '../../errors.ts'
import { describeFault, type SchemaFault } from '../../shapes/describe-faults.ts'
import { type Bound, boundFaults, checkLimitsFirst, endAtMaxFaults, maxFaults } from './bound-validation.ts'

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
  return (route) => compileWhenAsked(() => boundFaults(isBody(route) ? bodies(route) : texts(route)))
}

type Validator = ReturnType<ReturnType<BuildCompilerFromPool>>

/** Compiling the schemas of all routes took two seconds of each start, and most routes are asked seldom. */
function compileWhenAsked(compile: () => Validator): Validator {
  let validator: Validator | undefined
  const validate: Bound = (value) => {
    validator ??= compile()
    const answer = validator(value)
    // Read after a refusal alone.
    if (answer === false) validate.errors = validator.errors
    return answer
  }
  return validate as Validator
}

function isBody(route: unknown): boolean {
  return typeof route === 'object' && route !== null && 'httpPart' in route && route.httpPart === 'body'
}

/** What the validator complains about, one line per place. */
export function readFaults(faults: readonly SchemaFault[]): InputFault[] {
  const byPlace = new Map<string, InputFault>()
  for (const fault of faults) {
    for (const shown of describeFault(fault)) {
      if (!byPlace.has(shown.pointer)) byPlace.set(shown.pointer, shown)
    }
    if (byPlace.size >= maxFaults) break
  }
  return [...byPlace.values()]
}
