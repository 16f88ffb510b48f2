/**
 * Which prefixes does a cell of codes name? One, several (`34600; 34601`), ranges (`34600-34699`), with brackets, blanks
 * and dashes as people write numbers. What could be read in two ways is refused.
 */
import { anyPrefix, normalizePrefix } from '../rating/prefix.ts'

export interface CodeRules {
  strip?: string | undefined
  prepend?: string | undefined
}

export interface CodeFault {
  code: 'missing_value' | 'invalid_prefix' | 'ambiguous_code' | 'invalid_range' | 'range_too_long'
  detail: string
}

export const maxCodesOfRow = 1_000
const digitsOnly = /^\d{1,18}$/
const plainRange = /^(\d{1,18})-(\d{1,18})$/
const betweenCodes = /[;,/|\n]+/
const dashes = /[‐-―−]|\.\.+|…/g
/** Of a full number; a dash behind them stands between groups of digits. */
const maxCallingCodeDigits = 3

/** `heads`: cells that stand before each code of the last one. `to`: the other end, where it has a column of its own. */
export function readCodes(
  cells: { heads: readonly string[]; codes: string; to?: string | undefined },
  rules: CodeRules,
): string[] | CodeFault {
  const { heads, codes, to = '' } = cells
  const isPlain = heads.length === 0 && to === '' && rules.strip === undefined && rules.prepend === undefined
  if (isPlain && digitsOnly.test(codes) && !codes.startsWith('00')) return [codes]
  if (codes === anyPrefix && heads.every((head) => head === '')) return [anyPrefix]
  const front = heads.map(bareDigits).join('')
  if (!/^\d*$/.test(front)) return invalid(heads.join(' '))
  if (codes === '' && front === '') return { code: 'missing_value', detail: 'The prefix is missing.' }
  // Behind a country code or what is put in front, the codes are parts of numbers.
  const isPart = front !== '' || (rules.prepend ?? '') !== ''
  const written = plainRange.test(codes) ? [codes] : codes.split(betweenCodes).map((part) => part.trim())
  const list: string[] = []
  for (const text of written) {
    if (text === '' && written.length > 1) continue
    const bounds = to === '' ? readBounds(text, isPart) : readTwoBounds(text, to)
    if ('code' in bounds) return bounds
    const first = whole(front + bounds.from, rules)
    const last = whole(front + bounds.to, rules)
    if (first === undefined || last === undefined) return invalid(text)
    const fault = expand(first, last, list)
    if (fault) return fault
  }
  return list
}

function whole(digits: string, { strip, prepend = '' }: CodeRules): string | undefined {
  const stripped = strip && digits.startsWith(strip) ? digits.slice(strip.length) : digits
  return normalizePrefix(prepend + stripped)
}

function readBounds(text: string, isPart: boolean): { from: string; to: string } | CodeFault {
  const parts = plainRange.exec(text)?.slice(1) ?? text.replace(dashes, '-').split('-').map(bareDigits)
  const [first = '', ...others] = parts
  if (parts.some((part) => !/^\d*$/.test(part)) || (others.length > 0 && parts.includes('')))
    return invalid(text)
  if (others.length === 0) {
    if (isListOfBlanks(text)) return ambiguous(text, 'several codes, or one with blanks')
    return { from: first, to: first }
  }
  const [last = ''] = others
  if (others.length === 1 && last.length === first.length) {
    if (last < first) return { code: 'invalid_range', detail: `"${text}" ends before it begins.` }
    if (!isPart && first[0] !== last[0]) return ambiguous(text, 'a range over several countries, or one code')
    return { from: first, to: last }
  }
  const isGrouped =
    first.length <= maxCallingCodeDigits && others.every((part) => part.length > first.length) && !isPart
  if (isGrouped) return { from: parts.join(''), to: parts.join('') }
  return ambiguous(text, 'a range whose ends have unequal length, or one code')
}

function readTwoBounds(from: string, to: string): { from: string; to: string } | CodeFault {
  const [first, last] = [bareDigits(from), bareDigits(to)]
  if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) return invalid(`${from} – ${to}`)
  if (first.length !== last.length) {
    return { code: 'invalid_range', detail: `The ends ${first} and ${last} have unequal length.` }
  }
  if (last < first) return { code: 'invalid_range', detail: `${first} – ${last} ends before it begins.` }
  return { from: first, to: last }
}

/** `34600 34601`: groups of one length, of three digits or more, may each be a code. */
function isListOfBlanks(text: string): boolean {
  const groups = text.replace(/[()+]/g, '').trim().split(/\s+/)
  const [first = ''] = groups
  return groups.length > 1 && first.length >= 3 && groups.every(({ length }) => length === first.length)
}

/** Without brackets, blanks and a leading plus sign. */
function bareDigits(text: string): string {
  return text
    .trim()
    .replace(/^\+/, '')
    .replace(/[()[\]\s\u00a0\u202f']/g, '')
    .replace(/^\+/, '')
}

/** Adds every code from the first to the last. */
function expand(first: string, last: string, list: string[]): CodeFault | undefined {
  if (first === last) list.push(first)
  else {
    const start = BigInt(first)
    const count = Number(BigInt(last) - start) + 1
    if (list.length + count > maxCodesOfRow) {
      return {
        code: 'range_too_long',
        detail: `A row has at most ${maxCodesOfRow} codes: give the shorter prefix.`,
      }
    }
    for (let at = 0; at < count; at += 1) list.push(String(start + BigInt(at)).padStart(first.length, '0'))
  }
  return list.length > maxCodesOfRow
    ? { code: 'range_too_long', detail: `A row has at most ${maxCodesOfRow} codes.` }
    : undefined
}

function invalid(text: string): CodeFault {
  const detail = /^\d+(?:[.,]\d+)?e\+?\d+$/i.test(text.trim())
    ? `"${text}" has lost its digits in a spreadsheet: format the column as text.`
    : `A prefix is 1 to 18 digits, a leading + allowed, or "${anyPrefix}".`
  return { code: 'invalid_prefix', detail }
}

function ambiguous(text: string, what: string): CodeFault {
  return {
    code: 'ambiguous_code',
    detail: `"${text}" may be ${what}: put ; between codes, write both ends of a range in full.`,
  }
}
