/**
 * What would a mail of this kind look like? Made from sample facts by the code that makes real mails.
 */
import { builtInTemplate, findInLanguage, type TemplateSet } from './choose-template.ts'
import type { MailKind } from './mail-content.ts'
import type { MailTemplate } from './mail-template.ts'
import { type MailView, mailView } from './mail-view.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'
import { type SampleLocale, sampleBrand, sampleContent } from './sample-content.ts'

export interface MailPreview extends RenderedMail {
  from: 'content' | 'template' | 'built-in'
  variables: MailView
}

/** Throws an Error with Liquid's words where a template cannot be rendered. */
export function previewMail(
  kind: MailKind,
  locale: SampleLocale,
  words: { content: MailTemplate | undefined; stored: TemplateSet | undefined },
): MailPreview {
  const variables = mailView(sampleContent(kind, locale), { brand: sampleBrand })
  const { template, from } = choose(kind, locale.language, words)
  return { from, ...renderMail(template, variables), variables }
}

function choose(
  kind: MailKind,
  language: string,
  { content, stored }: { content: MailTemplate | undefined; stored: TemplateSet | undefined },
): { template: MailTemplate; from: MailPreview['from'] } {
  if (content) return { template: content, from: 'content' }
  const found = stored && findInLanguage(stored, language)
  if (found) return { template: found, from: 'template' }
  return { template: builtInTemplate(kind, language), from: 'built-in' }
}
