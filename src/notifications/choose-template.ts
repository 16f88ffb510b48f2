/**
 * Which template makes a mail: the client's own, else the brand's, else the built-in one.
 *
 * A stored template counts only if it has the client's language (`es` serves `es-MX`); the built-in ones speak
 * the languages of languages.ts, and English for the rest of the world.
 */
import { chooseLanguage, type LanguageWithWords, languagesWithWords } from '../languages.ts'
import type { MailKind } from './mail-content.ts'
import { composeTemplate, type MailTemplate, type Wordings } from './mail-template.ts'
import { allowanceLow } from './templates/allowance-low.ts'
import { callReport } from './templates/call-report.ts'
import { invoice } from './templates/invoice.ts'
import { invoiceReminder } from './templates/invoice-reminder.ts'
import { lowBalance } from './templates/low-balance.ts'
import { maxDailyUsage } from './templates/max-daily-usage.ts'
import { passwordReset } from './templates/password-reset.ts'
import { paymentReceipt } from './templates/payment-receipt.ts'
import { spendGuard } from './templates/spend-guard.ts'

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
    const found = findInLanguage(set, language)
    if (found) return found
  }
  return builtInTemplate(kind, language)
}

export function builtInTemplate(kind: MailKind, language: string): MailTemplate {
  return builtIn[kind][chooseLanguage(language)]
}

const builtIn: Readonly<Record<MailKind, Readonly<Record<LanguageWithWords, MailTemplate>>>> = {
  'max-daily-usage': compose(maxDailyUsage),
  'low-balance': compose(lowBalance),
  invoice: compose(invoice),
  'invoice-reminder': compose(invoiceReminder),
  'payment-receipt': compose(paymentReceipt),
  'call-report': compose(callReport),
  'spend-guard': compose(spendGuard),
  'allowance-low': compose(allowanceLow),
  'password-reset': compose(passwordReset),
}

function compose(wordings: Wordings): Record<LanguageWithWords, MailTemplate> {
  const templateIn = (language: LanguageWithWords) => composeTemplate(language, wordings[language])
  return Object.fromEntries(languagesWithWords.map((language) => [language, templateIn(language)])) as Record<
    LanguageWithWords,
    MailTemplate
  >
}

/** `es` serves `es-MX`. */
export function findInLanguage(set: TemplateSet, language: string): MailTemplate | undefined {
  const tag = language.toLowerCase().replaceAll('_', '-')
  return own(set, tag) ?? own(set, tag.split('-')[0] ?? tag)
}

/** Tags are compared as BCP 47 has it, whatever their case. */
function own(set: TemplateSet, tag: string): MailTemplate | undefined {
  return Object.entries(set).find(([language]) => language.toLowerCase() === tag)?.[1]
}
