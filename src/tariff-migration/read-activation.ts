/**
 * Instants as other systems write them: a day, or a day and a time, with `T` or a blank between, and an offset or none.
 *
 * Without an offset they are UTC, whatever zone this machine is in. Milliseconds; undefined for anything else.
 */
const form = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i

export function readActivation(text: string | null): number | undefined {
  const [, day, time = '00:00:00', offset = 'Z'] = form.exec(text ?? '') ?? []
  if (day === undefined) return undefined
  const at = Date.parse(`${day}T${time}${offset.toUpperCase()}`)
  // 30 February would become a day of March.
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) === true
  return isDay && !Number.isNaN(at) ? at : undefined
}
