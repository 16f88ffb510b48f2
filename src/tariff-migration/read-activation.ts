/**
 * When a profile begins, as other systems write it: an instant, or a day. Without an offset both are UTC. Milliseconds;
 * undefined for anything else.
 */
import { readForeignInstant } from './read-foreign-instant.ts'

const day = /^\d{4}-\d{2}-\d{2}$/

export function readActivation(text: string | null): number | undefined {
  if (text === null) return undefined
  const instant = day.test(text) ? `${text}T00:00:00` : text
  const read = readForeignInstant(instant, { timeZone: 'UTC', readInstant: readDate })
  return 'at' in read ? read.at : undefined
}

/** 30 February would become a day of March. */
function readDate(text: string): number | undefined {
  const at = Date.parse(text)
  const isDay = new Date(`${text.slice(0, 10)}T00:00:00Z`).toJSON()?.startsWith(text.slice(0, 10)) === true
  return isDay && !Number.isNaN(at) ? at : undefined
}
