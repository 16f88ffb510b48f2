/**
 * Is this JSON text a message of that shape?
 *
 * Guards what JSON and schema let through: keys that would reach a prototype, and halves of surrogate pairs,
 * which PostgreSQL's `jsonb` refuses. Schemas are compiled once; a check takes half a microsecond.
 */
import parseJson from 'secure-json-parse'
import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { storableText } from '../calls/call-messages.ts'
import type { InputFault } from '../errors.ts'
import { describeFault } from '../shapes/describe-faults.ts'

export type Checked<Message> =
  | { valid: true; message: Message }
  | { valid: false; reason: 'invalid_json' | 'invalid_event'; detail: string; faults: InputFault[] }

export interface MessageCheck<Message> {
  (value: unknown): Checked<Message>
  schema: TSchema
}

export function compileCheck<const Schema extends TSchema>(schema: Schema): MessageCheck<Static<Schema>> {
  const validator: Validator = Compile(schema)
  const check = (value: unknown): Checked<Static<Schema>> =>
    validator.Check(value)
      ? { valid: true, message: value as Static<Schema> }
      : refuse('invalid_event', findFaults(validator, value))
  return Object.assign(check, { schema })
}

/** Text to a checked message. */
export function readMessage<Message>(text: string, check: MessageCheck<Message>): Checked<Message> {
  let value: unknown
  try {
    value = parseJson.parse(text)
  } catch (error) {
    const isJson = canParse(text)
    const detail = isJson ? 'the key "__proto__" or "constructor" is not taken' : describe(error)
    return refuse(isJson ? 'invalid_event' : 'invalid_json', [{ pointer: '', detail }])
  }
  // Half a pair can only come in by its escape, which whole texts rarely need.
  if (escapedSurrogate.test(text) && hasLoneSurrogate(value)) {
    return refuse('invalid_event', [{ pointer: '', detail: 'a text holds half of a surrogate pair' }])
  }
  return check(value)
}

export const maxMessageBytes = 64 * 1024

const escapedSurrogate = /\\u[dD][89a-fA-F]/
const loneSurrogate = /\p{Surrogate}/u

/** `JSON.stringify` would write it as an escape, and PostgreSQL's `jsonb` refuses that. */
export function hasLoneSurrogate(value: unknown): boolean {
  const waiting = [value]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' && loneSurrogate.test(next)) return true
    if (typeof next !== 'object' || next === null) continue
    for (const [key, inner] of Object.entries(next)) {
      if (loneSurrogate.test(key)) return true
      if (inner !== null) waiting.push(inner)
    }
  }
  return false
}

function canParse(text: string): boolean {
  try {
    JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
    return true
  } catch {
    return false
  }
}

function describe(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  return `this is not JSON: ${words}`
}

function findFaults(validator: Validator, value: unknown): InputFault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ pointer: '', detail: 'must be an object' }]
  }
  return validator
    .Errors(value)
    .filter(({ keyword }) => keyword !== 'boolean')
    .flatMap(describeFault)
    .slice(0, 20)
    .map(({ pointer, detail }) => ({ pointer: cut(pointer, 200), detail: cut(detail, 300) }))
}

function refuse(reason: 'invalid_json' | 'invalid_event', faults: InputFault[]): Checked<never> {
  const detail = cut(faults.map((fault) => `${fault.pointer} ${fault.detail}`.trim()).join('; '), 1000)
  return { valid: false, reason, detail: detail || 'is not of the expected shape', faults }
}

/** Details quote what came in: bounded, and as PostgreSQL's text takes it. */
function cut(text: string, length: number): string {
  const short = text.length > length ? `${text.slice(0, length)}…` : text
  return storableText(short.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
}
