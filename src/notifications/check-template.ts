/**
 * Can this template make mails of its kind? Every fault with its part, line and column.
 *
 * It is parsed, its variables are held against those of the kind, and it is rendered twice: with everything there
 * is to tell and with as little as there may be. What passes here fails at sending for its size at most.
 */
import { LiquidError } from 'liquidjs'
import type { MailKind } from './mail-content.ts'
import type { MailTemplate } from './mail-template.ts'
import { type MailView, mailView } from './mail-view.ts'
import { listVariables, type MailPart, mailParts, renderPart } from './render-mail.ts'
import { sampleBrand, sampleContent } from './sample-content.ts'

export interface TemplateFault {
  part: MailPart
  detail: string
}

export function findTemplateFaults(
  template: MailTemplate,
  { kind, language }: { kind: MailKind; language: string },
): TemplateFault[] {
  const locale = { language, timeZone: 'Europe/Madrid', currency: 'EUR' }
  const views = [
    mailView(sampleContent(kind, locale, 'complete'), { brand: sampleBrand }),
    mailView(sampleContent(kind, locale, 'sparse'), { brand: sampleBrand }),
  ]
  return mailParts.flatMap((part) => {
    const details = findFaults(part, template[part], kind, views)
    return details.map((detail) => ({ part, detail }))
  })
}

function findFaults(part: MailPart, source: string, kind: MailKind, views: readonly MailView[]): string[] {
  try {
    const [complete = {}] = views
    const unknown = listVariables(part, source).filter(({ name }) => !Object.hasOwn(complete, name))
    if (unknown.length > 0) {
      const known = Object.keys(complete).join(', ')
      return unknown
        .slice(0, 5)
        .map(
          ({ name, line, column }) =>
            `line ${line}, column ${column}: a ${kind} mail has no "${name.slice(0, 80)}"; it has ${known}`,
        )
    }
    const rendered = views.map((view) => renderPart(part, source, view))
    return rendered.some((text) => text.trim() === '') ? ['must not be empty'] : lineFaults(part, rendered)
  } catch (error) {
    return [placed(error)]
  }
}

/** A subject is one line of a mail's head; what follows a line break would be another header. */
function lineFaults(part: MailPart, rendered: readonly string[]): string[] {
  const isBroken = part === 'subject' && rendered.some((text) => /[\p{Cc}\u2028\u2029]/u.test(text))
  return isBroken ? ['must stay on one line and hold no control character'] : []
}

/** Liquid's words, which end in the place, with the place first. */
function placed(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const words = error.message.replace(/, line:\d+, col:\d+$/, '').slice(0, 300)
  if (!LiquidError.is(error)) return words
  const [line, column] = error.token.getPosition()
  return `line ${line}, column ${column}: ${words}`
}
