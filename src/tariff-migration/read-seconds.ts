/**
 * Durations as other systems write them: `60s`, `1m`, `1m30s`, `1h`. Whole seconds; undefined for anything else.
 *
 * A number without unit means seconds in one release and nanoseconds in another, so only 0 is taken.
 */
const form = /^(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/

export function readSeconds(text: string | null): number | undefined {
  if (text === null) return undefined
  if (text === '0') return 0
  const parts = form.exec(text)
  if (!parts || text === '') return undefined
  const [, hours = '0', minutes = '0', seconds = '0'] = parts
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
