/**
 * The official rules of e-invoices (CEN's, Peppol's, XRechnung's), asked of whole folders of documents.
 *
 * They are no part of the project: looked for in `shared/einvoice` beside the checkout, or where E_INVOICE_RULES says, and run
 * by Saxon (Debian's `libsaxonhe-java`). Where one of them is missing there is a reason instead of rules.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const folderOfRules =
  process.env.E_INVOICE_RULES ?? fileURLToPath(new URL('../../../../shared/einvoice', import.meta.url))
const jars = ['/usr/share/java/Saxon-HE.jar', '/usr/share/java/xml-resolver.jar']

/** CEN's come compiled; the others are Schematron, which `schematron.xsl` beside them compiles. */
const files = {
  'cen-ubl': 'EN16931-UBL-validation.xslt',
  'cen-cii': 'EN16931-CII-validation.xslt',
  peppol: 'sch/PEPPOL-EN16931-UBL.sch',
  'xrechnung-ubl': 'sch/XRechnung-UBL-validation.sch',
  'xrechnung-cii': 'sch/XRechnung-CII-validation.sch',
} as const
export type RuleSet = keyof typeof files

/** Why the rules cannot be asked here; undefined when they can. */
export async function whyNoOfficialRules(): Promise<string | undefined> {
  const missing = Object.values(files).find((name) => !existsSync(join(folderOfRules, name)))
  if (missing) return 'the official rules are not in shared/einvoice beside the checkout'
  const jar = jars.find((name) => !existsSync(name))
  if (jar) return `${jar} is not there: install libsaxonhe-java`
  const java = await run('java', ['-version']).catch((error: Error) => error)
  return java instanceof Error ? `java does not start: ${java.message}` : undefined
}

/** Each rule that a document of the folder breaks, with the document's name. Warnings and hints of the rules are none. */
export async function breaches(folder: string, rules: RuleSet = 'cen-ubl'): Promise<string[]> {
  const reports = join(folder, `reports-${rules}`)
  mkdirSync(reports)
  const documents = readdirSync(folder).filter((name) => name.endsWith('.xml'))
  await transform(`-s:${folder}`, `-xsl:${await compiled(rules, reports)}`, `-o:${reports}`)
  return documents.flatMap((name) => {
    const report = readFileSync(join(reports, name), 'utf8')
    if (!files[rules].endsWith('.sch')) return failedAsserts(name, report)
    return [...report.matchAll(/^fatal (\S+ at \S+)$/gm)].map(([, failed]) => `${name}: ${failed}`)
  })
}

/** Names of the rules whose breach is an error. */
export function fatalRules(rules: 'peppol' | 'xrechnung-ubl'): string[] {
  const text = readFileSync(join(folderOfRules, files[rules]), 'utf8')
  const asserts = [...text.matchAll(/<assert\b[^>]*>/gs)].map(([tag]) => tag)
  return asserts.flatMap((tag) => (/flag="fatal"/.test(tag) ? (/\bid="([^"]+)"/.exec(tag)?.[1] ?? []) : []))
}

function failedAsserts(name: string, report: string): string[] {
  if (!report.includes('fired-rule')) return [`${name}: no rule was asked`]
  return [...report.matchAll(/<svrl:failed-assert[\s\S]*?<\/svrl:failed-assert>/g)].map(
    ([failed]) => `${name}: ${/<svrl:text>([\s\S]*?)<\/svrl:text>/.exec(failed)?.[1]?.trim()}`,
  )
}

async function compiled(rules: RuleSet, folder: string): Promise<string> {
  const source = join(folderOfRules, files[rules])
  if (!source.endsWith('.sch')) return source
  const stylesheet = join(folder, 'rules.xslt')
  await transform(`-s:${source}`, `-xsl:${join(folderOfRules, 'schematron.xsl')}`, `-o:${stylesheet}`)
  const text = readFileSync(stylesheet, 'utf8')
  if (!text.includes('xmlns:xs=')) {
    // The rules for CII use types of a namespace that they do not name.
    const named = '<xsl:stylesheet xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    writeFileSync(stylesheet, text.replace('<xsl:stylesheet ', named))
  }
  return stylesheet
}

async function transform(...options: string[]): Promise<void> {
  await run('java', ['-Xss8m', '-cp', jars.join(':'), 'net.sf.saxon.Transform', ...options])
}
