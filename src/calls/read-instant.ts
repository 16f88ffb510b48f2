/** Which instant does a text name? As engines and everybody who asks write it. */

/**
 * RFC 3339 text to milliseconds, cut, never rounded: 23:59:59.9996 stays on its day. Undefined where the
 * calendar has no such instant (30 February, hour 24, second 60), and outside the years 1900 to 9998: before
 * there is no call, and at the calendar's two ends a local day falls out of what PostgreSQL's `date` holds.
 */
export function readInstant(text: string): number | undefined {
  const at = Date.parse(text)
  if (!(at >= earliest && at < latest)) return undefined
  // Date.parse carries 30 February over to March, and takes 24:00 for the next midnight.
  const day = Number(text.slice(8, 10))
  if (
    day > 28 &&
    day > new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
  ) {
    return undefined
  }
  return text.startsWith('24', 11) ? undefined : at
}

const earliest = Date.UTC(1900)
const latest = Date.UTC(9999)
