/**
 * The official rules of EN 16931 (CEN's compiled Schematron), asked of whole folders of e-invoices.
 *
 * They are no part of the project: looked for in `shared/einvoice` beside the checkout, and run by Saxon (Debian's
 * `libsaxonhe-java`). Where one of them is missing there is a reason instead of rules.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const rules = fileURLToPath(
  new URL('../../../../shared/einvoice/EN16931-UBL-validation.xslt', import.meta.url),
)
const jars = ['/usr/share/java/Saxon-HE.jar', '/usr/share/java/xml-resolver.jar']

/** Why the rules cannot be asked here; undefined when they can. */
export async function whyNoOfficialRules(): Promise<string | undefined> {
  if (!existsSync(rules)) return 'the official rules are not in shared/einvoice beside the checkout'
  const missing = jars.find((jar) => !existsSync(jar))
  if (missing) return `${missing} is not there: install libsaxonhe-java`
  const java = await run('java', ['-version']).catch((error: Error) => error)
  return java instanceof Error ? `java does not start: ${java.message}` : undefined
}

/** Each rule that a document of the folder breaks, with the document's name. */
export async function breaches(folder: string): Promise<string[]> {
  const reports = join(folder, 'reports')
  mkdirSync(reports)
  const documents = readdirSync(folder).filter((name) => name.endsWith('.xml'))
  await run('java', [
    ...['-Xss8m', '-cp', jars.join(':'), 'net.sf.saxon.Transform'],
    ...[`-s:${folder}`, `-xsl:${rules}`, `-o:${reports}`],
  ])
  return documents.flatMap((name) => {
    const report = readFileSync(join(reports, name), 'utf8')
    if (!report.includes('fired-rule')) return [`${name}: no rule was asked`]
    return [...report.matchAll(/<svrl:failed-assert[\s\S]*?<\/svrl:failed-assert>/g)].map(
      ([failed]) => `${name}: ${/<svrl:text>([\s\S]*?)<\/svrl:text>/.exec(failed)?.[1]?.trim()}`,
    )
  })
}
