/**
 * What comes in with the lock file: under which licence, and in no version that is known to be bad. Offline: what npm
 * wrote down is all that is asked.
 */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { allowedLicences, licenceExceptions } from './allowed-licences.ts'
import { type BadVersions, knownBadVersions } from './known-bad-versions.ts'

const test = suite('dependencies')

interface LockedPackage {
  name: string
  version: string
  licence: string | null
  integrity: string | undefined
}

const root = new URL('../../', import.meta.url)
const readJson = (name: string) => JSON.parse(readFileSync(new URL(name, root), 'utf8'))

function lockedPackages(): LockedPackage[] {
  const { packages } = readJson('package-lock.json') as {
    packages: Record<string, { version: string; license?: string; name?: string; integrity?: string }>
  }
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { version, license, name, integrity }]) => ({
      // An alias stands under another name than its package has.
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license ?? null,
      integrity,
    }))
}

/** Of `A OR B` one is enough, of `A AND B` both are needed. */
function isAllowed(licence: string | null): boolean {
  if (licence === null) return false
  const words = licence.replaceAll(/[()]/g, ' ').trim()
  const parts = (text: string, word: string) => text.split(new RegExp(`\\s+${word}\\s+`))
  return parts(words, 'OR').some((choice) =>
    parts(choice, 'AND').every((one) => allowedLicences.has(one.trim())),
  )
}

function isException(locked: LockedPackage): boolean {
  return licenceExceptions.some(
    ({ name, version, licence }) =>
      name === locked.name && version === locked.version && licence === locked.licence,
  )
}

const inWords = ({ name, version, licence }: LockedPackage) =>
  `${name} ${version}: ${licence ?? 'no licence'}`
const badLicences = (packages: readonly LockedPackage[]) =>
  packages.filter((locked) => !isAllowed(locked.licence) && !isException(locked)).map(inWords)

/** Numbers alone: a preliminary version counts as the one it leads to. */
function compare(one: string, other: string): number {
  const numbers = (text: string) => (text.split(/[-+]/)[0] ?? '').split('.').map(Number)
  const [first, second] = [numbers(one), numbers(other)]
  const at = first.findIndex((number, place) => number !== second[place])
  return at < 0 ? 0 : (first[at] ?? 0) - (second[at] ?? 0)
}

const isBad = ({ name, version }: LockedPackage, bad: BadVersions): boolean =>
  name === bad.name &&
  (bad.from === undefined || compare(version, bad.from) >= 0) &&
  (bad.before === undefined || compare(version, bad.before) < 0)

const badVersions = (packages: readonly LockedPackage[]) =>
  packages.flatMap((locked) =>
    knownBadVersions
      .filter((bad) => isBad(locked, bad))
      .map(({ reason }) => `${locked.name} ${locked.version}: ${reason}`),
  )

const packages = lockedPackages()
const locked = (name: string, version: string, licence: string | null = 'MIT'): LockedPackage => ({
  name,
  version,
  licence,
  integrity: 'sha512-x',
})

test('every package is under a licence that we may ship', () => {
  assert.ok(packages.length > 200)
  assert.equal(badLicences(packages), [])
})

test('every exception is still needed', () => {
  const unneeded = licenceExceptions.filter(
    ({ name, version }) => !packages.some((one) => one.name === name && one.version === version),
  )
  assert.equal(
    unneeded.map(({ name }) => name),
    [],
  )
})

test('what we may not ship would be found', () => {
  assert.equal(
    badLicences([
      locked('copyleft', '1.0.0', 'GPL-3.0-only'),
      locked('both', '1.0.0', 'MIT AND LGPL-3.0'),
      locked('choice', '1.0.0', '(MIT OR GPL-3.0)'),
      locked('silent', '1.0.0', null),
      locked('png-js', '2.0.1', null),
    ]),
    [
      'copyleft 1.0.0: GPL-3.0-only',
      'both 1.0.0: MIT AND LGPL-3.0',
      'silent 1.0.0: no licence',
      'png-js 2.0.1: no licence',
    ],
  )
})

test('no package is in a version that is known to be bad', () => {
  assert.equal(badVersions(packages), [])
})

test('a bad version would be found, to its ends', () => {
  const found = badVersions([
    locked('glob', '10.1.9'),
    locked('glob', '10.2.0'),
    locked('glob', '10.4.5'),
    locked('glob', '10.5.0'),
    locked('debug', '4.4.2'),
    locked('debug', '4.4.3'),
    locked('commander', '14.0.3'),
    locked('commander', '16.1.0'),
    locked('fastify', '5.12.1'),
    locked('fastify', '5.12.2'),
  ])
  assert.equal(
    found.map((line) => line.split(':')[0]),
    ['glob 10.2.0', 'glob 10.4.5', 'debug 4.4.2', 'commander 16.1.0', 'fastify 5.12.1'],
  )
})

test('each package is pinned, by its version and by its content', () => {
  const { dependencies, devDependencies, optionalDependencies } = readJson('package.json')
  const asked: [string, string][] = Object.entries({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  })
  assert.equal(
    asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    [],
  )
  assert.equal(packages.filter(({ integrity }) => !integrity?.startsWith('sha512-')).map(inWords), [])
})

test.run()
