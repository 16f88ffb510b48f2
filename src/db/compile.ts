/**
 * A function of one value, made once from the text of its expression, in which the value is called `from`.
 *
 * Objects of many fields are made this way where the fields stand in a table: a literal gives all of them one hidden
 * class. A loop over the names, or a spread before further fields, makes each object a slow dictionary (Node 20).
 * Only texts of our own tables come here, never a word from outside.
 */
export function compile<From, To>(
  expression: string,
  scope: Record<string, unknown> = {},
): (from: From) => To {
  const make = new Function(...Object.keys(scope), `'use strict'; return (from) => ${expression}`)
  return make(...Object.values(scope))
}

/** The expression of an object with these fields, in this order. */
export function writeObject(fields: readonly (readonly [name: string, expression: string])[]): string {
  return `({ ${fields.map(([name, expression]) => `${name}: ${expression}`).join(', ')} })`
}
