/**
 * Under which licences may a package be that we ship or work with? SPDX names. All of these let the service be used,
 * changed and sold with no more than their text beside it.
 */
export const allowedLicences: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
])

export interface LicenceException {
  name: string
  version: string
  /** As the lock file has it; null: it says nothing. */
  licence: string | null
  reason: string
}

const fonts = ['', '-arabic', '-armenian', '-georgian', '-hebrew', '-jp', '-kr', '-sc', '-tc', '-thai'].map(
  (script) => `@fontsource/noto-sans${script}`,
)

/** One package in one version each: a new version is looked at anew. */
export const licenceExceptions: readonly LicenceException[] = [
  {
    name: 'tslib',
    version: '2.9.1',
    licence: '0BSD',
    reason:
      'Asks for less than MIT: not even its text beside it. For the schemas of Kubernetes, in tests alone.',
  },
  {
    name: 'railroad-diagrams',
    version: '1.0.0',
    licence: 'CC0-1.0',
    reason: 'In the public domain. For the schemas of Kubernetes, in tests alone.',
  },
  ...fonts.map((name) => ({
    name,
    version: '5.3.0',
    licence: 'OFL-1.1',
    reason: 'A font: it may be embedded in documents and shipped with programs, and is not sold by itself.',
  })),
  {
    name: '@ip-location-db/geo-whois-asn-country-mmdb',
    version: '2.3.2026061719',
    licence: 'CC0-1.0',
    reason: 'Data in the public domain, no program.',
  },
  {
    name: 'axe-core',
    version: '4.14.1',
    licence: 'MPL-2.0',
    reason:
      'A tool of the tests, unchanged and not shipped: it looks at the pages for faults of accessibility.',
  },
  {
    name: 'ibantools',
    version: '4.5.4',
    licence: 'MIT or MPL-2.0',
    reason: 'One of the two at choice, in letters that SPDX does not know: MIT is taken.',
  },
  {
    name: 'nub',
    version: '0.0.0',
    licence: 'MIT/X11',
    reason: 'An old spelling of MIT.',
  },
  {
    name: 'png-js',
    version: '2.0.0',
    licence: null,
    reason: 'Its package.json names none; the LICENSE file in the package is the text of MIT.',
  },
  {
    name: 'railroad-diagrams',
    version: '1.0.0',
    licence: 'CC0-1.0',
    reason: 'In the public domain; comes with the tests of the manifests and is not shipped.',
  },
  {
    name: 'tslib',
    version: '2.9.1',
    licence: '0BSD',
    reason: 'BSD without its notice; comes with the tests of the manifests and is not shipped.',
  },
]
