import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inflateSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { drawInvoice } from '../../src/invoices/pdf/draw-invoice.ts'
import { fontFile, fontNames, hasLetter } from '../../src/invoices/pdf/font-files.ts'
import { readFontLetters } from '../../src/invoices/pdf/letters-of-font.ts'
import { splitRuns, unprintableLetters } from '../../src/invoices/pdf/text-runs.ts'
import { sampleInvoice } from '../../src/invoices/sample-invoice.ts'

const test = suite('runsOf')
const fontkit = createRequire(createRequire(import.meta.url).resolve('pdfkit'))('fontkit')

/** Names of companies and people in the scripts that are printed. */
const names = {
  Arabic: 'شركة الاتصالات الحديثة (ش.م.م) 2026',
  Persian: 'کتاب‌ها می‌خواهم ۱۲۳۴',
  Urdu: 'پاکستان ٹیلی کام',
  Hebrew: 'חברת הטלפונים בע"מ (2026)',
  Japanese: '株式会社東京電話サービス',
  'simplified Chinese': '中国电信股份有限公司',
  'traditional Chinese': '台灣電信股份有限公司 鬱龜',
  Korean: '주식회사 한국전화',
  Hindi: 'हिन्दी दूरसंचार प्राइवेट लिमिटेड क्षेत्र',
  Thai: 'บริษัท โทรศัพท์ไทย จำกัด น้ำ',
  Armenian: 'Հայաստանի հեռախոս',
  Georgian: 'საქართველოს ტელეფონი',
  Vietnamese: 'Công ty Điện thoại Việt Nam',
  Greek: 'Ελληνική Τηλεφωνία ἀρχή',
  Kazakh: 'Қазақ Телеком',
  Polish: 'Łódź – zażółć gęślą jaźń',
  mixed: 'Acme 株式会社 – محمد علي 12, Київ',
}

for (const name of fontNames) {
  test(`what ${name} has is read as fontkit reads it, in both weights`, () => {
    for (const weight of ['regular', 'bold'] as const) {
      const file = fontFile(name, weight)
      const letters: Set<number> = new Set(fontkit.create(readFileSync(file)).characterSet)
      const has = readFontLetters(file)
      for (let code = 0; code < 0x30000; code++) {
        if (code === 0xffff) continue
        if (has(code) !== letters.has(code)) assert.unreachable(`${weight} U+${code.toString(16)}`)
      }
    }
  })
}

test('no letter goes to a file that lacks it, or it would be drawn as a box', () => {
  const wrong: string[] = []
  for (let code = 0x20; code < 0x3000; code++) {
    const letter = String.fromCodePoint(code)
    for (const { font, text } of splitRuns(letter, 'regular')) {
      const [name] = font.split(' ') as [(typeof fontNames)[number]]
      if (![...text].every((one) => hasLetter(name, one))) wrong.push(`U+${code.toString(16)} in ${name}`)
    }
  }
  assert.equal(wrong, [])
})

test('the narrow blank of French amounts and the hyphen that no line breaks at are drawn', () => {
  const drawn = (text: string) => splitRuns(text, 'bold', 'fr').map((run) => run.text)
  assert.equal(drawn('-1\u202f102,70\u00a0€'), ['-1\u2009102,70\u00a0€'])
  assert.equal(drawn('Saint\u2011Malo'), ['Saint-Malo'])
  assert.equal(unprintableLetters('1\u202f102 \u2011', 'fr'), [])
})

test('a text goes to the file of its script; Han signs by kana, else by the language', () => {
  const fontsOf = (text: string, language?: string) =>
    splitRuns(text, 'bold', language).map(({ font }) => font)
  assert.equal(fontsOf('Acme'), ['latin bold'])
  assert.equal(fontsOf('Łódź'), ['latin-ext bold', 'latin bold', 'latin-ext bold'])
  assert.equal(fontsOf('電話サービス'), ['japanese bold'])
  assert.equal(fontsOf('電話', 'ja'), ['japanese bold'])
  assert.equal(fontsOf('电话', 'zh'), ['simplified bold'])
  assert.equal(fontsOf('電話', 'zh-TW'), ['traditional bold'])
  assert.equal(fontsOf('전화'), ['korean bold'])
  // The first font of the language lacks a sign: one that has all writes the whole name.
  assert.equal(fontsOf('台灣寢電信', 'zh'), ['traditional bold'])
})

test('writing from right to left is put in its place, numbers and Latin within it are not turned', () => {
  const shown = (text: string) => splitRuns(text, 'regular').map((run) => run.text)
  // Arabic and Hebrew words are turned by the font's layout, so they stay as written here.
  assert.equal(shown('שלום עולם'), ['עולם', ' ', 'שלום'])
  assert.equal(shown('חברה 2026'), ['2026', ' ', 'חברה'])
  assert.equal(shown('Acme שלום'), ['Acme ', 'שלום'])
  // Brackets are mirrored.
  assert.equal(shown('שלום (אבג)'), ['(', 'אבג', ') ', 'שלום'])
})

test('digits that the font’s layout would turn are given to it turned', () => {
  assert.equal(splitRuns('۱۲۳۴', 'regular'), [{ font: 'arabic regular', text: '۴۳۲۱' }])
  assert.equal(splitRuns('١٢٣٤', 'regular'), [{ font: 'arabic regular', text: '٤٣٢١' }])
})

test('a letter that no font has is drawn as a question mark, and named', () => {
  assert.equal(splitRuns('Tele😀com', 'regular'), [{ font: 'latin regular', text: 'Tele?com' }])
  assert.equal(unprintableLetters('Tele😀com 𐍈😀', 'en'), ['😀', '𐍈'])
  assert.equal(unprintableLetters('বাংলা', 'bn'), ['ব', 'া', 'ং', 'ল'])
  for (const [script, name] of Object.entries(names)) assert.equal(unprintableLetters(name, 'en'), [], script)
})

test('what is drawn as nothing is no missing letter', () => {
  const invisible = 'a\u200bb\u2060c\ufeffd\u0007e\u200f'
  assert.equal(unprintableLetters(invisible, 'en'), [])
  assert.equal(
    splitRuns(invisible, 'regular')
      .map(({ text }) => text)
      .join(''),
    'abcde',
  )
})

test('the circle of the Thai vowel am stands below the tone', () => {
  assert.equal(splitRuns('น้ำ', 'regular'), [{ font: 'thai regular', text: 'น\u0e4d\u0e49\u0e32' }])
  assert.ok(hasLetter('thai', '\u0e4d'))
})

/** Glyph 0 of each font is its box. */
function boxesIn(pdf: Buffer): number {
  let boxes = 0
  for (const [, stream = ''] of pdf
    .toString('latin1')
    .matchAll(/\/FlateDecode\n>>\nstream\n([\s\S]*?)\nendstream/g)) {
    let content = ''
    try {
      content = inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')
    } catch {
      continue
    }
    for (const [, operands = ''] of content.matchAll(/\[([^\]]*)\] TJ/g)) {
      for (const [, hex = ''] of operands.matchAll(/<([0-9a-f]*)>/g)) {
        boxes += (hex.match(/.{4}/g) ?? []).filter((glyph) => glyph === '0000').length
      }
    }
  }
  return boxes
}

test('no box is drawn for any of them, nor for what no font has', async () => {
  for (const [script, name] of Object.entries({ ...names, emoji: 'Tele😀com', Bengali: 'বাংলা' })) {
    const sample = sampleInvoice({
      language: 'en',
      currency: 'EUR',
      timeZone: 'UTC',
      seller: null,
      template: null,
      logo: null,
    })
    const { document } = sample
    document.buyer = { ...document.buyer, name, address: name, town: name }
    document.invoice.lines = document.invoice.lines.map((line) => ({ ...line, description: name }))
    async function* pages() {
      yield sample.items.map((item) => ({ ...item, destination: name }))
    }
    const pdf = await drawInvoice(document, { part: 'both', items: pages(), showsPrices: true })
    assert.is(boxesIn(pdf), 0, script)
  }
})

test('the searched-for boxes would be found', async () => {
  const box = '1 0 obj\n<<\n/Filter /FlateDecode\n>>\nstream\n'
  const { deflateSync } = await import('node:zlib')
  const content = deflateSync(Buffer.from('BT [<00010000> 3 <0000>] TJ ET'))
  assert.is(boxesIn(Buffer.concat([Buffer.from(box), content, Buffer.from('\nendstream')])), 2)
})

test.run()
