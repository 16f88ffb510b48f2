/**
 * PostgreSQL's own text of arrays: writing it here is several times faster than the driver's way.
 */

/** Of values that need no quotes, or have them. */
export function arrayText(items: readonly (string | number | boolean)[]): string {
  return `{${items.join(',')}}`
}

export function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`
}

/**
 * For `string_to_array(…, chr(30))`, ASCII's "record separator": JSON, which writes it as an escape, and printable texts. Within
 * an array's quotes JSON would need a backslash for each of its own.
 */
export function separatedTexts(texts: readonly string[]): string {
  return texts.join('\x1e')
}
