/** What is pulled from a registry is named by version and digest: a tag alone can be moved. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('images')
const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

function listImages(text: string, line: RegExp): string[] {
  return [...text.matchAll(line)].map(([, image = '']) => image)
}

test('every image has a version and a digest', () => {
  const built = new Set(['build', 'modules'])
  const images = [
    ...listImages(read('Dockerfile'), /^FROM (\S+)/gm).filter((image) => !built.has(image)),
    ...listImages(read('docker-compose.yml'), /^\s+image: (\S+)/gm),
  ]
  assert.ok(images.length >= 6, images.join(' '))
  assert.equal(
    images.filter((image) => !/^[a-z/]+:v?\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/.test(image)),
    [],
  )
})

test('one image has one digest', () => {
  const digests = new Map<string, Set<string>>()
  for (const [, name = '', digest = ''] of (read('Dockerfile') + read('docker-compose.yml')).matchAll(
    /([a-z/]+:[\w.-]+)@(sha256:\w+)/g,
  )) {
    digests.set(name, (digests.get(name) ?? new Set()).add(digest))
  }
  for (const [name, found] of digests) assert.is(found.size, 1, name)
})

test.run()
