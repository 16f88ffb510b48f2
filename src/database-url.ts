/**
 * Is a text the URL of a PostgreSQL database, or of several servers that hold one, and which of them is wanted?
 *
 *     postgres://user:secret@one.example.com:5432,two.example.com:5432/tollgate?target_session_attrs=primary
 *
 * Several hosts stand with commas between, each with its port. What `target_session_attrs` means is PostgreSQL's own.
 */

export const wantedServers = ['read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const
export type WantedServer = (typeof wantedServers)[number]

/** What is wrong with it, to stand behind "is" or the variable's name; undefined: nothing. */
export function findDatabaseUrlFault(text: string): string | undefined {
  const authority = /^postgres(?:ql)?:\/\/([^/?#]*)/.exec(text)?.[1]
  if (authority === undefined) return 'does not begin with postgres://'
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',')
  if (hosts.length > 1 && hosts.some((host) => !/^[^:[\]]+(:\d{1,5})?$/.test(host)))
    return 'has a host that is not a name or an IPv4 address with a port'
  const one = text.replace(hosts.join(','), hosts[0] ?? '')
  if (!URL.canParse(one)) return 'cannot be read as a URL'
  const wanted = new URL(one).searchParams.get('target_session_attrs')
  if (wanted === null || wantedServers.some((known) => known === wanted)) return undefined
  return `has target_session_attrs=${wanted}, which is not one of ${wantedServers.join(', ')}`
}
