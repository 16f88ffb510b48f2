/**
 * How does a check of input stay short, whatever is sent? Two changes to the rules of ajv.
 *
 * - Length and count come before content. Where all faults are wanted, ajv 8 runs a pattern over a text that is already
 *   too long, and the rules of items over a list that already has too many: here what is too large is not looked into.
 * - The first 100 faults end the check: 16 MiB of empty objects would make millions, and gigabytes of memory.
 *
 * The second relies on schemas without a choice of several (`anyOf` and the like), in which the faults of one choice
 * need not count; `test/api/bound-validation.test.ts` holds that there is none.
 */
import { _, type Ajv, type Code, type CodeKeywordDefinition, type ErrorObject, type KeywordCxt } from 'ajv'
import type { AnyValidateFunction } from 'ajv/dist/core.js'

/** More complaints than a person reads. */
export const maxFaults = 100

/** Rule of the content → the limit of the same schema that comes before it, and how the generated code measures. */
const limits: Record<string, { limit: string; isWithin: (data: Code, max: number) => Code }> = {
  // The limit counts characters, of which each is one or two of JavaScript's.
  pattern: { limit: 'maxLength', isWithin: (data, max) => _`${data}.length <= ${max * 2}` },
  items: { limit: 'maxItems', isWithin: (data, max) => _`${data}.length <= ${max}` },
  uniqueItems: { limit: 'maxItems', isWithin: (data, max) => _`${data}.length <= ${max}` },
  patternProperties: {
    limit: 'maxProperties',
    isWithin: (data, max) => _`Object.keys(${data}).length <= ${max}`,
  },
  additionalProperties: {
    limit: 'maxProperties',
    isWithin: (data, max) => _`Object.keys(${data}).length <= ${max}`,
  },
}

/** For the `onCreate` of `@fastify/ajv-compiler`. */
export function checkLimitsFirst(ajv: Ajv): void {
  for (const [keyword, { limit, isWithin }] of Object.entries(limits)) {
    const rule = ajv.getKeyword(keyword) as CodeKeywordDefinition
    ajv.removeKeyword(keyword)
    ajv.addKeyword({
      ...rule,
      code(cxt: KeywordCxt) {
        const max: unknown = cxt.parentSchema[limit]
        if (typeof max !== 'number') return rule.code(cxt)
        cxt.gen.if(isWithin(cxt.data, max), () => rule.code(cxt))
      },
    })
  }
}

/** Thrown by a check that has found enough. */
interface EnoughFaults {
  enoughFaults: ErrorObject[]
}

/** For `code.process` of ajv: each fault is added in this one way. */
export function endAtMaxFaults(code: string): string {
  return code.replaceAll(
    /vErrors\.push\((err\d+)\);/g,
    (push) => `${push}if(vErrors.length>=${maxFaults})throw {enoughFaults:vErrors};`,
  )
}

/** As much of a compiled check as whoever calls it needs. */
export interface Bound {
  (value: unknown): unknown
  errors?: AnyValidateFunction['errors']
}

/** The same check, whose first 100 faults are an answer like fewer. */
export function boundFaults(validate: AnyValidateFunction): AnyValidateFunction {
  const bound: Bound = (value) => {
    try {
      const isValid = validate(value)
      bound.errors = validate.errors
      return isValid
    } catch (error) {
      if (typeof error !== 'object' || error === null || !('enoughFaults' in error)) throw error
      bound.errors = (error as EnoughFaults).enoughFaults
      return false
    }
  }
  // Of the rest of a compiled check nobody who calls it needs anything.
  return bound as AnyValidateFunction
}
