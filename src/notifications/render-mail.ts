/**
 * Template and view to subject, text and HTML, without trusting the template.
 *
 * A brand writes templates of its own, so Liquid is kept on a leash: it knows the tags and filters listed here and
 * no others, sees own properties of the view alone, reads no file (by default `{% render 'package.json' %}` would),
 * and stops at caps on source, time, memory and output. HTML is always escaped: there is no `raw`. Its author calls
 * it no sandbox: nothing secret is ever in the view. Throws an Error with Liquid's words.
 */
import { Liquid } from 'liquidjs'
import type { MailTemplate } from './mail-template.ts'
import type { MailView } from './mail-view.ts'

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

export const mailParts = ['subject', 'text', 'html'] as const
export type MailPart = (typeof mailParts)[number]

/** Without those that print around the escaping, name other templates or count across renders. */
const allowedTags = [
  'assign',
  'break',
  'capture',
  'case',
  'comment',
  'continue',
  'for',
  'if',
  'raw',
  'unless',
] as const

/** Each in time and memory proportional to its input, which rules out those that replace, join or strip. */
const allowedFilters = [
  'append',
  'capitalize',
  'default',
  'downcase',
  'escape',
  'lstrip',
  'prepend',
  'rstrip',
  'size',
  'slice',
  'strip',
  'truncate',
  'upcase',
  'url_encode',
] as const

const maxCharacters: Readonly<Record<MailPart, number>> = { subject: 1000, text: 200_000, html: 500_000 }

export function renderMail(template: MailTemplate, view: MailView): RenderedMail {
  return {
    subject: renderPart('subject', template.subject, view),
    text: renderPart('text', template.text, view),
    html: renderPart('html', template.html, view),
  }
}

export function renderPart(part: MailPart, source: string, view: MailView): string {
  const engine = chooseEngine(part)
  const rendered = String(engine.renderSync(engine.parse(source), { ...view }))
  if (rendered.length > maxCharacters[part]) {
    throw new Error(`the ${part} of this mail is longer than ${maxCharacters[part]} characters`)
  }
  return part === 'subject' ? rendered.trim() : rendered
}

export interface UsedVariable {
  name: string
  line: number
  column: number
}

/** What a source asks of the view, wherever it does. Throws where it is no Liquid. */
export function listVariables(part: MailPart, source: string): UsedVariable[] {
  const engine = chooseEngine(part)
  const { globals } = engine.analyzeSync(engine.parse(source))
  return Object.values(globals)
    .flat()
    .map(({ segments, location }) => ({
      name: segments.map(String).join('.'),
      line: location.row,
      column: location.col,
    }))
}

function noFiles(): never {
  throw new Error('templates read no files: render, include and layout are not available')
}

const leash = {
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 100_000,
  /** Milliseconds; a mail takes one or two. */
  renderLimit: 250,
  memoryLimit: 500_000,
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
const plain = onLeash(new Liquid(leash))
const escaped = onLeash(new Liquid({ ...leash, outputEscape: 'escape' }))

function chooseEngine(part: MailPart): Liquid {
  return part === 'html' ? escaped : plain
}

function onLeash(engine: Liquid): Liquid {
  keepOnly(engine.tags, allowedTags)
  keepOnly(engine.filters, allowedFilters)
  return engine
}

function keepOnly(known: Record<string, unknown>, allowed: readonly string[]): void {
  for (const name of Object.keys(known)) if (!allowed.includes(name)) delete known[name]
}
