/**
 * A template: three Liquid sources that make one mail. And how the built-in ones are worded once and written
 * twice, as plain text and as HTML.
 */
import { type LanguageWithWords, withColon } from '../languages.ts'

export interface MailTemplate {
  subject: string
  text: string
  html: string
}

/** Texts may hold Liquid; nothing here is escaped but what Liquid puts in. */
export interface Wording {
  subject: string
  opening: string
  /** Label and Liquid expression, one line each; `when` leaves a line out where that value is empty. */
  facts: readonly { label: string; value: string; when?: string }[]
  closing: string
}

/** A missing language is a fault of the compiler's. */
export type Wordings = Readonly<Record<LanguageWithWords, Wording>>

export function composeTemplate(
  language: string,
  { subject, opening, facts, closing }: Wording,
): MailTemplate {
  const labels = facts.map(({ label }) => withColon(label, language))
  const width = Math.max(...labels.map(({ length }) => length))
  const lines = facts.map((fact, i) => only(fact, `${labels[i]?.padEnd(width)} ${fact.value}\n`))
  const rows = facts.map((fact) =>
    only(fact, `<tr>${cell(fact.label, labelStyle)}${cell(fact.value, valueStyle)}</tr>\n`),
  )
  return {
    subject,
    text: `${opening}\n\n${lines.join('')}\n${closing}\n\n{{ brand }}\n`,
    html: `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body style="margin:0;padding:24px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;color:#1f2933">
<p style="margin:0 0 16px">${opening}</p>
<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">
${rows.join('')}</table>
<p style="margin:0 0 16px;color:#52606d">${closing}</p>
<p style="margin:0">{{ brand }}</p>
</body>
</html>
`,
  }
}

const labelStyle = 'padding:4px 24px 4px 0;color:#52606d'
const valueStyle = 'padding:4px 0;font-weight:bold'

function cell(content: string, style: string): string {
  return `<td style="${style}">${content}</td>`
}

function only({ when }: { when?: string }, line: string): string {
  return when === undefined ? line : `{% if ${when} != '' %}${line}{% endif %}`
}
