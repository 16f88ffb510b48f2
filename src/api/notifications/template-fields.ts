/** A notification template in JSON: what a brand may set of it. */
import Type, { type Static } from 'typebox'
import type { NotificationTemplateRow } from '../../db/messages/notification-templates.ts'
import { wordedKinds } from '../../notifications/mail-content.ts'
import { closed, Name, oneOf, Uuid } from '../../shapes/fields.ts'

const source = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, description, pattern: '^[^\\u0000]*$', examples: [example] })
export const Content = closed({
  subject: source(500, 'Liquid; one line.', '{{ clientName }}: {{ usage }}'),
  text: source(20_000, 'Liquid; the mail as plain text.', '{{ clientName }} has used {{ usage }}.\n'),
  html: source(50_000, 'Liquid; values are escaped.', '<p>{{ clientName }} has used {{ usage }}.</p>'),
})
export const languageTag = /^[a-z]{2,3}(-[A-Z]{2})?$/
export const Kind = oneOf(wordedKinds, 'What the mail is about; fixed once made.')
export const TemplateFields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  kind: Kind,
  isDefault: Type.Optional(
    Type.Boolean({ description: 'For clients that have chosen no other; one per kind.' }),
  ),
  contents: Type.Record(Type.String({ pattern: languageTag.source }), Content, {
    minProperties: 1,
    maxProperties: 30,
    additionalProperties: false,
    description: 'Language tag → content; `es` serves `es-MX`.',
    examples: [
      {
        en: {
          subject: '{{ clientName }}: {{ usage }} used',
          text: '{{ clientName }} has used {{ usage }} on {{ day }}.\n',
          html: '<p><b>{{ clientName }}</b> has used {{ usage }} on {{ day }}.</p>',
        },
      },
    ],
  }),
})
export type TemplateFields = Static<typeof TemplateFields>

export function toTemplateFields(row: NotificationTemplateRow): TemplateFields {
  const { brandId, name, kind, isDefault, contents } = row
  // What stands in these columns was checked by this very schema when it was written.
  return { brandId, name, kind, isDefault, contents } as TemplateFields
}
