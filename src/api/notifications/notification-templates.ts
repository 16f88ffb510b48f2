/**
 * `/v1/notification-templates`: how a brand words its mails, per kind and language; and what a template would make.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import {
  deleteNotificationTemplate,
  findClientOfTemplate,
  findNotificationTemplate,
  insertNotificationTemplate,
  listNotificationTemplates,
  type NotificationTemplateRow,
  updateNotificationTemplate,
} from '../../db/messages/notification-templates.ts'
import { InUse, InvalidRequest } from '../../errors.ts'
import { findTemplateFaults } from '../../notifications/check-template.ts'
import { type MailKind, mailKinds, settingOfKind } from '../../notifications/mail-content.ts'
import type { MailTemplate } from '../../notifications/mail-template.ts'
import { previewMail } from '../../notifications/preview-mail.ts'
import { newId } from '../../uuid.ts'
import type { ApiContext } from '../context.ts'
import { Currency, closed, Instant, Language, Name, oneOf, TimeZone, Uuid } from '../conventions/fields.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'
import { read } from '../conventions/run-as-tenant.ts'

const source = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, description, pattern: '^[^\\u0000]*$', examples: [example] })
const Content = closed({
  subject: source(500, 'Liquid; one line.', '{{ clientName }}: {{ usage }}'),
  text: source(20_000, 'Liquid; the mail as plain text.', '{{ clientName }} has used {{ usage }}.\n'),
  html: source(50_000, 'Liquid; values are escaped.', '<p>{{ clientName }} has used {{ usage }}.</p>'),
})
const Kind = oneOf(mailKinds, 'What the mail is about; fixed once made.')
const TemplateFields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  kind: Kind,
  isDefault: Type.Optional(
    Type.Boolean({ description: 'For clients that have chosen no other; one per kind.' }),
  ),
  contents: Type.Record(Type.String({ pattern: '^[a-z]{2,3}(-[A-Z]{2})?$' }), Content, {
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
type TemplateFields = Static<typeof TemplateFields>

const PreviewRequest = closed({
  kind: Kind,
  language: Type.Optional(Language),
  timeZone: Type.Optional(TimeZone),
  currency: Type.Optional(Currency),
  content: Type.Optional(Content),
  templateId: Type.Optional(Uuid),
})
type PreviewRequest = Static<typeof PreviewRequest>

const Preview = closed({
  kind: Kind,
  language: Language,
  from: oneOf(['content', 'template', 'built-in'], 'Whose words they are.'),
  subject: Type.String(),
  text: Type.String(),
  html: Type.String(),
  variables: Type.Record(Type.String(), Type.String(), {
    description: 'All that a template of this kind may name, with the values shown here.',
  }),
})

export function notificationTemplateRoutes(app: FastifyInstance, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'notification template',
    path: '/v1/notification-templates',
    tag: 'Notifications',
    fields: TemplateFields,
    shown: closed({ id: Uuid, ...TemplateFields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Uuid, kind: Kind },
    sorts: true,
    configures: false,
    show: (row: NotificationTemplateRow) => ({
      id: row.id,
      ...fieldsOf(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) =>
      listNotificationTemplates(tx, {
        ...page,
        brandId: filter.brandId ?? null,
        kind: filter.kind ?? null,
      }),
    find: (tx, _scope, id, lock) => findNotificationTemplate(tx, id, lock),
    create(tx, { identity, now }, fields) {
      const brandId = owningBrand(identity, fields.brandId)
      checkContents(fields)
      const { name, kind, contents, isDefault = false } = fields
      return insertNotificationTemplate(tx, { id: newId(now), brandId, name, kind, contents, isDefault })
    },
    patch: {
      fieldsOf,
      update(tx, { now }, row, fields) {
        keepBrand(row, fields.brandId)
        keepKind(row, fields.kind)
        checkContents(fields)
        const { name, contents, isDefault = false } = fields
        return updateNotificationTemplate(tx, { id: row.id, name, contents, isDefault, now })
      },
    },
    async remove(tx, _scope, row) {
      const setting = settingOfKind[fieldsOf(row).kind]
      const client = await findClientOfTemplate(tx, { id: row.id, brandId: row.brandId, setting })
      if (client !== undefined) throw new InUse('notification template', `the client ${client} has chosen it`)
      await deleteNotificationTemplate(tx, row.id)
    },
  })

  app.post(
    '/v1/notification-templates/preview',
    {
      schema: {
        tags: ['Notifications'],
        summary: 'What mail would come of it?',
        description:
          'Rendered with made-up facts. Send `content` to try words that are not stored, `templateId` for a stored ' +
          'template, neither for the built-in one. A stored template without the language shows the built-in one.',
        body: PreviewRequest,
        response: { 200: Preview },
      },
    },
    (request) => preview(context, request),
  )
}

async function preview(context: ApiContext, request: FastifyRequest): Promise<Static<typeof Preview>> {
  const body = request.body as PreviewRequest
  const { kind, language = 'en', timeZone = 'UTC', currency = 'EUR', content, templateId } = body
  const faults = new Faults()
  faults.checkKnown('language', '/language', language)
  faults.checkKnown('timeZone', '/timeZone', timeZone)
  faults.checkKnown('currency', '/currency', currency)
  if (content && templateId) faults.add('/templateId', 'goes without content: send one of them')
  faults.throwIfAny()
  if (content) refuse(faultsAt('/content', content, { kind, language }))
  const stored = templateId === undefined ? undefined : await findStored(context, request, templateId)
  if (stored && stored.kind !== kind) {
    refuse([{ pointer: '/kind', detail: `this template is for ${stored.kind} mails` }])
  }
  const locale = { language, timeZone, currency }
  return { kind, language, ...previewMail(kind, locale, { content, stored: stored?.contents }) }
}

async function findStored(context: ApiContext, request: FastifyRequest, id: string): Promise<TemplateFields> {
  const row = await read(context, request, (tx) => findNotificationTemplate(tx, id, 'none'))
  if (row) return fieldsOf(row)
  throw new InvalidRequest('There is no such notification template.', [
    { pointer: '/templateId', detail: 'names no notification template of the brand' },
  ])
}

function checkContents({ kind, contents }: TemplateFields): void {
  const faults = new Faults()
  for (const language of Object.keys(contents)) {
    faults.checkKnown('language', `/contents/${language}`, language)
  }
  faults.throwIfAny()
  refuse(
    Object.entries(contents).flatMap(([language, content]) =>
      faultsAt(`/contents/${language}`, content, { kind, language }),
    ),
  )
}

function faultsAt(pointer: string, content: MailTemplate, about: { kind: MailKind; language: string }) {
  return findTemplateFaults(content, about).map(({ part, detail }) => ({
    pointer: `${pointer}/${part}`,
    detail,
  }))
}

function refuse(faults: readonly { pointer: string; detail: string }[]): void {
  if (faults.length > 0) throw new InvalidRequest('This template makes no mail.', faults.slice(0, 50))
}

/** Clients have chosen it for this kind. */
function keepKind(row: NotificationTemplateRow, kind: string): void {
  if (row.kind !== kind) refuse([{ pointer: '/kind', detail: 'cannot change: make another template' }])
}

function fieldsOf(row: NotificationTemplateRow): TemplateFields {
  const { brandId, name, kind, isDefault, contents } = row
  // What stands in these columns was checked by this very schema when it was written.
  return { brandId, name, kind, isDefault, contents } as TemplateFields
}
