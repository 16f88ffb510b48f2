/**
 * Versions that must not come back, whoever asks for them. Lists of advisories are a matter of the network; what we know
 * stands here, for every package that we use or that may come in with one.
 */
export interface BadVersions {
  name: string
  /** First bad version; absent: all before `before`. */
  from?: string
  /** First version that is good again; absent: every later one is bad, too. */
  before?: string
  reason: string
}

const taken = 'Published by somebody who had taken over the account, with code that steals (September 2025).'
const only = (name: string, from: string, before: string): BadVersions => ({
  name,
  from,
  before,
  reason: taken,
})

export const knownBadVersions: readonly BadVersions[] = [
  // Holes that were mended.
  {
    name: 'fastify',
    before: '5.12.2',
    reason: 'Believes a forged X-Forwarded-For behind a list of proxies.',
  },
  {
    name: 'nodemailer',
    before: '7.0.7',
    reason: 'Sends to another domain than the address says (GHSA-mm7p-fcc7-pg87).',
  },
  { name: 'liquidjs', before: '10.0.0', reason: 'Templates read inherited properties (CVE-2022-25948).' },
  { name: 'jose', before: '4.15.5', reason: 'Unpacks tokens without a limit (CVE-2024-28176).' },
  { name: 'luxon', before: '3.2.1', reason: 'A long text holds up the parser (CVE-2023-22467).' },
  {
    name: 'semver',
    from: '7.0.0',
    before: '7.5.2',
    reason: 'A long range holds up the parser (CVE-2022-25883).',
  },
  { name: 'minimatch', before: '3.0.5', reason: 'A long pattern holds up the matcher (CVE-2022-3517).' },
  {
    name: 'glob',
    from: '10.2.0',
    before: '10.5.0',
    reason: 'Its program runs names of files as commands (CVE-2025-64756).',
  },
  {
    name: 'glob',
    from: '11.0.0',
    before: '11.1.0',
    reason: 'Its program runs names of files as commands (CVE-2025-64756).',
  },
  {
    name: 'cross-spawn',
    from: '7.0.0',
    before: '7.0.5',
    reason: 'A long argument holds it up (CVE-2024-21538).',
  },
  {
    name: 'brace-expansion',
    from: '2.0.0',
    before: '2.0.2',
    reason: 'A long pattern holds it up (CVE-2025-5889).',
  },
  { name: 'esbuild', before: '0.25.0', reason: 'Its server answers every web page (GHSA-67mh-4wv8-f99).' },
  // Programs of thieves.
  only('debug', '4.4.2', '4.4.3'),
  only('chalk', '5.6.1', '5.6.2'),
  only('ansi-styles', '6.2.2', '6.2.3'),
  only('ansi-regex', '6.2.1', '6.2.2'),
  only('strip-ansi', '7.1.1', '7.1.2'),
  only('wrap-ansi', '9.0.1', '9.0.2'),
  only('supports-color', '10.2.1', '10.2.2'),
  only('color-convert', '3.1.1', '3.1.2'),
  only('color-name', '2.0.1', '2.0.2'),
  // What does not run on the oldest Node that we promise, or breaks the lock file.
  { name: 'commander', from: '15.0.0', reason: 'Asks for Node 22.' },
  { name: 'cookie', from: '2.0.0', reason: 'Asks for Node 22.' },
  { name: 'content-disposition', from: '3.0.0', reason: 'Asks for Node 22.' },
  {
    name: '@biomejs/biome',
    from: '2.6.8',
    before: '2.6.9',
    reason: '"npm ci" misses its programs in the lock file.',
  },
]
