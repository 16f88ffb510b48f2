/**
 * Template and view to subject, text and HTML, without trusting the template.
 *
 * A brand writes templates of its own, so Liquid is kept on a leash: it sees own properties of the view alone,
 * reads no file (by default `{% render 'package.json' %}` would), refuses unknown filters, and stops at caps on
 * source, time, memory and output. HTML is escaped unless a template says `raw`. Its author calls it no sandbox:
 * nothing secret is ever in the view. Throws an Error with Liquid's words.
 */
import { Liquid } from 'liquidjs'
import type { MailTemplate } from './mail-template.ts'
import type { MailView } from './mail-view.ts'

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

export function renderMail(template: MailTemplate, view: MailView): RenderedMail {
  return {
    subject: capped('subject', render(plain, template.subject, view), 250).trim(),
    text: capped('text', render(plain, template.text, view), 200_000),
    html: capped('html', render(escaped, template.html, view), 500_000),
  }
}

function noFiles(): never {
  throw new Error('templates read no files: render, include and layout are not available')
}

const leash = {
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 100_000,
  renderLimit: 1000,
  memoryLimit: 5_000_000,
  relativeReference: false,
  fs: {
    exists: async () => noFiles(),
    existsSync: noFiles,
    readFile: async () => noFiles(),
    readFileSync: noFiles,
    resolve: noFiles,
    contains: async () => noFiles(),
    containsSync: noFiles,
    dirname: noFiles,
    fallback: noFiles,
  },
}
const plain = new Liquid(leash)
const escaped = new Liquid({ ...leash, outputEscape: 'escape' })
/** Tags and outputs rendered in one mail. */
const templateLimit = 20_000

function render(engine: Liquid, source: string, view: MailView): string {
  const rendered: unknown = engine.renderSync(engine.parse(source), { ...view }, { templateLimit })
  return String(rendered)
}

function capped(part: string, text: string, length: number): string {
  if (text.length > length) throw new Error(`the ${part} of this mail is longer than ${length} characters`)
  return text
}
