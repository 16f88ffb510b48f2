/**
 * Do spreadsheets read our files as numbers? Opened by a headless LibreOffice in Spanish, German and English. Left out where
 * there is none: it is too large to fetch for a run of tests (Debian: libreoffice-calc-nogui).
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findProgram } from '../../src/find-program.ts'
import { type Row, toColumns } from '../../src/reports/report.ts'
import { writeCsv } from '../../src/reports/write-csv.ts'
import { writeXlsx } from '../../src/reports/write-xlsx.ts'
import { skipTest, testFolder } from '../servers.ts'
import { bytesOf, inBatches, textOf } from './rows.ts'

const run = promisify(execFile)
const test = suite('spreadsheet programs')
const soffice = findProgram('soffice', process.env.PATH)

function check(name: string, opens: () => Promise<void>): void {
  if (soffice === undefined) skipTest(test, name, 'needs LibreOffice: there is no soffice on the PATH')
  else test(name, opens)
}

const columns = toColumns({ destination: 'text', price: 'amount', share: 'decimal', number: 'text' })
const rows: Row[] = [
  ['Spain; mobile, "new"', '0.125000', '42.86', '+34600111222'],
  ['World', '-1234.5', '0.5', '911'],
]
const numbers = ['0.125', '42.86', '34600111222', '-1234.5', '0.5', '911']

/** Separator and language of the import, as the program is told them. */
const languages = { es: [59, 3082], de: [59, 1031], en: [44, 1033] } as const
type Language = keyof typeof languages

/** The numbers of a file, as the program has taken them; what it takes for text is none. */
async function numbersOf(name: string, bytes: string | Uint8Array, infilter: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(testFolder(), 'sheet-'))
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const profile = `-env:UserInstallation=${pathToFileURL(join(testFolder(), 'soffice'))}`
  const args = [profile, '--headless', ...infilter, '--convert-to', 'fods', '--outdir', folder, file]
  await run(soffice ?? '', args)
  const sheet = readFileSync(file.replace(/\.\w+$/, '.fods'), 'utf8')
  return [...sheet.matchAll(/<table:table-cell[^>]* office:value="([^"]+)"/g)].map(([, value]) =>
    String(value),
  )
}

async function csvNumbers(written: Language, opened: Language): Promise<string[]> {
  const csv = await textOf(writeCsv(columns, inBatches(rows), { flavour: 'spreadsheet', locale: written }))
  const [separator, language] = languages[opened]
  return numbersOf('report.csv', csv, [`--infilter=CSV:${separator},34,76,1,,${language}`])
}

for (const language of Object.keys(languages) as Language[]) {
  check(`CSV of a language is read as its numbers by a spreadsheet in ${language}`, async () => {
    assert.equal(await csvNumbers(language, language), numbers)
  })
}

check('a Spanish spreadsheet does not read the numbers of an English file', async () => {
  assert.not.equal(await csvNumbers('en', 'es'), numbers)
})

check('a workbook is read as its numbers, and telephone numbers stay text', async () => {
  const workbook = await bytesOf(writeXlsx('report', columns, inBatches(rows)))
  const found = await numbersOf('report.xlsx', workbook, [])
  assert.equal(found, ['0.125', '42.86', '-1234.5', '0.5'])
})

test.run()
