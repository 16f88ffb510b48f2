/**
 * Which template makes a mail: the client's own, else the brand's, else the built-in one.
 *
 * A stored template counts only if it has the client's language (`es` serves `es-MX`); the built-in ones speak
 * en, es, ca, it, and English for the rest of the world.
 */
import type { MailKind } from './mail-content.ts'
import { composeTemplate, type MailTemplate, type Wording } from './mail-template.ts'
import { callReport } from './templates/call-report.ts'
import { invoice } from './templates/invoice.ts'
import { lowBalance } from './templates/low-balance.ts'
import { maxDailyUsage } from './templates/max-daily-usage.ts'

/** Language tag → template. */
export type TemplateSet = Readonly<Record<string, MailTemplate>>

export interface TemplateChoice {
  kind: MailKind
  language: string
  /** The client's, then the brand's, where they have one. */
  stored?: readonly TemplateSet[]
}

export function chooseTemplate({ kind, language, stored = [] }: TemplateChoice): MailTemplate {
  for (const set of stored) {
    const found = inLanguage(set, language)
    if (found) return found
  }
  return builtInTemplate(kind, language)
}

export function builtInTemplate(kind: MailKind, language: string): MailTemplate {
  const template = inLanguage(builtIn[kind], language) ?? builtIn[kind].en
  if (!template) throw new Error(`there is no English ${kind} template`)
  return template
}

const builtIn: Readonly<Record<MailKind, TemplateSet>> = {
  'max-daily-usage': compose(maxDailyUsage),
  'low-balance': compose(lowBalance),
  invoice: compose(invoice),
  'call-report': compose(callReport),
}

function compose(wordings: Readonly<Record<string, Wording>>): TemplateSet {
  return Object.fromEntries(
    Object.entries(wordings).map(([language, wording]) => [language, composeTemplate(language, wording)]),
  )
}

function inLanguage(set: TemplateSet, language: string): MailTemplate | undefined {
  const tag = language.toLowerCase()
  return own(set, tag) ?? own(set, tag.split(/[-_]/)[0] ?? tag)
}

function own(set: TemplateSet, language: string): MailTemplate | undefined {
  return Object.hasOwn(set, language) ? set[language] : undefined
}
