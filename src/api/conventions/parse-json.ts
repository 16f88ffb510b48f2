/**
 * Bytes to a value: JSON of UTF-8, as RFC 8259 asks for. Throws `InvalidRequest` for what would be stored otherwise than
 * it was sent, and for what is too deep or has too many lists and objects to be walked in the time of a request.
 */
import { isUtf8 } from 'node:buffer'
import secureJson from 'secure-json-parse'
import { InvalidRequest } from '../../errors.ts'

export interface JsonLimits {
  /** Lists and objects, empty ones too. */
  maxCount: number
  /** `passed`: whoever gets the value looks for halves of surrogate pairs itself. */
  halves: 'refused' | 'passed'
}

/** Lists and objects in one another; the deepest body that a route takes has about ten. */
const maxDepth = 64

export function parseJson(bytes: Buffer, { maxCount, halves }: JsonLimits): unknown {
  if (!isUtf8(bytes)) throw new InvalidRequest('The body is not UTF-8 text.')
  const { isTooDeep, isTooMany } = measureJson(bytes, { maxDepth, maxCount })
  if (isTooDeep) {
    throw new InvalidRequest(`The body has more than ${maxDepth} levels of lists and objects.`)
  }
  if (isTooMany) throw new InvalidRequest(`The body has more than ${maxCount} lists and objects.`)
  const text = bytes.toString('utf8')
  const value = parse(text)
  if (halves === 'refused' && escapedSurrogate.test(text) && hasHalfOfPair(value)) {
    throw new InvalidRequest('A text of the body holds half of a surrogate pair.')
  }
  return value
}

function parse(text: string): unknown {
  try {
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    const isForbidden = error instanceof Error && error.message.includes('prototype')
    throw new InvalidRequest(isForbidden ? forbiddenMember : 'The body is not valid JSON.')
  }
}

const forbiddenMember = 'The body has a member named "__proto__" or "constructor".'
/** How alone half of a pair can come into JSON that is UTF-8. */
const escapedSurrogate = /\\u[dD][89a-fA-F]/
/** Written again, whole pairs are characters and halves are escapes; two backslashes are one that was sent. */
const writtenHalf = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

function hasHalfOfPair(value: unknown): boolean {
  return writtenHalf.test(JSON.stringify(value) ?? '')
}

const [quote, backslash, openList, openObject, closeList, closeObject] = Buffer.from('"\\[{]}')

/** Found without reading it. Of bytes that are no JSON the answer means nothing. */
function measureJson(json: Buffer, { maxDepth, maxCount }: { maxDepth: number; maxCount: number }) {
  let depth = 0
  let count = 0
  let isText = false
  // What has fewer bytes cannot be too much of anything.
  const end = json.length <= maxDepth * 2 ? 0 : json.length
  for (let at = 0; at < end && depth <= maxDepth && count <= maxCount; at++) {
    const byte = json[at]
    if (isText) {
      if (byte === backslash) at++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === openList || byte === openObject) {
      depth++
      count++
    } else if (byte === closeList || byte === closeObject) depth--
  }
  return { isTooDeep: depth > maxDepth, isTooMany: count > maxCount }
}
