/**
 * The words of a failure, for a log: each link of its chain of causes, with the stack where it is a fault of the code.
 *
 * A system, PostgreSQL and NATS name their failures by a code; an outage repeats them, and no stack of ours says more.
 * drizzle's own words are the statement with its values, numbers of callers too: they are never told.
 */

const maxCharacters = 8000
const maxLinks = 6

/** `withStack`: the stack of every link, whatever it is a fault of. */
export function describeFailure(failure: Error, { withStack = false } = {}): string {
  const links: string[] = []
  const seen = new Set<unknown>()
  for (let link: unknown = failure; link !== undefined && link !== null; ) {
    if (seen.has(link) || links.length >= maxLinks) break
    seen.add(link)
    if (!(link instanceof Error)) {
      links.push(String(link))
      break
    }
    if (!isQuery(link)) links.push(describeLink(link, withStack))
    else if (!(link.cause instanceof Error)) links.push('a query failed')
    else if (withStack) links.push(`a query failed\n${stackFrames(link)}`)
    link = link.cause
  }
  return links.join('\nbecause of ').slice(0, maxCharacters)
}

function describeLink(link: Error, withStack: boolean): string {
  const hasCode = 'code' in link
  const words = `${link.name}: ${linkMessage(link)}${hasCode ? ` (${String(link.code)})` : ''}`
  const frames = stackFrames(link)
  return (withStack || !hasCode) && frames !== '' ? `${words}\n${frames}` : words
}

/** What tried several addresses has a failure for each, and no words of its own. */
function linkMessage(link: Error): string {
  if (link.message !== '' || !(link instanceof AggregateError)) return link.message
  return link.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ')
}

/** The lines of the stack alone: above them stands the message, which may be what is not to be told. */
function stackFrames(link: Error): string {
  const lines = (link.stack ?? '').split('\n')
  const first = lines.findIndex((line) => /^\s+at /.test(line))
  return first < 0 ? '' : lines.slice(first).join('\n')
}

/** A failed query of drizzle. */
function isQuery(link: Error): boolean {
  return 'query' in link && 'params' in link
}
