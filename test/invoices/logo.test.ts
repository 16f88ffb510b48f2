import { deflateSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findLogoFault } from '../../src/invoices/pdf/check-logo.ts'
import { drawInvoice } from '../../src/invoices/pdf/draw-invoice.ts'
import { sampleInvoice } from '../../src/invoices/sample-invoice.ts'

const test = suite('logos')

const chunk = (name: string, content: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([length, Buffer.from(name, 'latin1'), content, Buffer.alloc(4)])
}
/** A PNG of the given kind; each row is a filter and its samples. */
function png({ width = 2, height = 2, bits = 8, type = 2, method = 0, rows, more = [] as Buffer[] }: Png) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([bits, type, 0, 0, method], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...more,
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
interface Png {
  width?: number
  height?: number
  bits?: number
  type?: number
  method?: number
  rows: number[]
  more?: Buffer[]
}
const url = (bytes: Buffer, kind = 'png') => `data:image/${kind};base64,${bytes.toString('base64')}`

const opaque = png({ rows: [0, 255, 0, 0, 0, 255, 0, 1, 1, 2, 3, 0, 0, 0] })
const transparent = png({ type: 6, rows: [0, 255, 0, 0, 9, 0, 255, 0, 8, 0, 1, 1, 2, 3, 0, 0, 0, 7] })
const palette = png({
  type: 3,
  rows: [0, 0, 1, 0, 1, 0],
  more: [chunk('PLTE', Buffer.from([1, 2, 3, 4, 5, 6])), chunk('tRNS', Buffer.from([0, 255]))],
})
/** Passes 1, 2, 4, 6 of 5 × 1: the pixels 0, 4, 2, and 1 with 3. */
const interlaced = png({
  ...{ width: 5, height: 1, type: 0, method: 1 },
  rows: [0, 10, 0, 14, 0, 12, 0, 11, 13],
})
const jpeg = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffda0008010100003f00d2ffd9',
  'hex',
)

const draw = (logo: string | null) => {
  const wish = { language: 'en', currency: 'EUR', timeZone: 'UTC', seller: null, template: null, logo }
  const { document, items } = sampleInvoice(wish)
  async function* pages() {
    yield items
  }
  return { document, options: () => ({ part: 'both', items: pages(), showsPrices: true }) as const }
}

test('sound pictures are drawn whatever their kind, and the file is whole', async () => {
  for (const [what, logo, masked] of [
    ['opaque', url(opaque), false],
    ['transparent', url(transparent), true],
    ['palette', url(palette), true],
    ['interlaced', url(interlaced), false],
    ['JPEG', url(jpeg, 'jpeg'), false],
  ] as const) {
    assert.is(findLogoFault(logo), undefined, what)
    const { document, options } = draw(logo)
    const pdf = await drawInvoice(document, options())
    const text = pdf.toString('latin1')
    assert.match(text, '/Subtype /Image', what)
    assert.is(text.includes('/SMask'), masked, what)
    assert.match(text.slice(-10), '%%EOF', what)
  }
})

const { length } = opaque
const damaged = Buffer.from(opaque)
damaged.fill(0x55, length - 30, length - 18)
const faulty: [string, string, RegExp][] = [
  ['no picture', url(Buffer.from('hello')), /neither PNG nor JPEG/],
  ['the head alone', url(opaque.subarray(0, 33)), /not complete/],
  ['a file that was cut', url(opaque.subarray(0, length - 20)), /not complete/],
  ['pixels that are none', url(damaged), /damaged or not complete/],
  ['too few rows', url(png({ height: 3, rows: [0, 1, 2, 3, 4, 5, 6] })), /not complete/],
  ['rows that go on and on', url(png({ rows: new Array(5000).fill(0) })), /damaged/],
  [
    'a filter that is none',
    url(png({ type: 6, rows: [9, ...new Array(8).fill(0), 0, ...new Array(8).fill(0)] })),
    /damaged/,
  ],
  ['a kind that is none', url(png({ type: 5, rows: [0] })), /known kind/],
  ['no width', url(png({ width: 0, rows: [0, 0] })), /no pixels/],
  ['more pixels than it has bytes', url(png({ width: 60_000, height: 60_000, rows: [0] })), /too large/],
  ['a narrow interlaced one', url(png({ type: 0, method: 1, rows: [0, 1, 0, 2, 0, 3, 4] })), /interlaced/],
  ['a palette that is not there', url(png({ type: 3, rows: [0, 0, 0, 0, 0, 0] })), /no palette/],
  ['a JPEG that was cut', url(jpeg.subarray(0, 30), 'jpeg'), /not complete/],
  [
    'a JPEG without a size',
    url(Buffer.from('ffd8ffda0008010100003f00d2ffd9', 'hex'), 'jpeg'),
    /not complete/,
  ],
]

test('a picture that cannot be drawn is told, and the document is drawn as one without it', async () => {
  const bare = draw(null)
  const without = await drawInvoice(bare.document, bare.options())
  for (const [what, logo, fault] of faulty) {
    assert.match(findLogoFault(logo) ?? 'nothing', fault, what)
    const { document, options } = draw(logo)
    assert.ok(without.equals(await drawInvoice(document, options())), what)
  }
})

test.run()
