/**
 * `/v1/notification-templates`: how a brand words its mails, per kind and language; and what a template would make.
 */
import type { FastifyRequest } from 'fastify'
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
import { settingOfKind } from '../../notifications/mail-content.ts'
import { checkTemplates, previewInThread } from '../../notifications/template-work.ts'
import { Currency, closed, Instant, Language, oneOf, TimeZone, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { readId, tenantKey } from '../conventions/request-scope.ts'
import {
  answerCreated,
  answerPatched,
  answerRemoved,
  createSchema,
  type Kept,
  patchSchema,
  readRoutes,
  removeSchema,
} from '../conventions/resource.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { changedContents, checkChange, checkContents, refuse } from './check-contents.ts'
import { Content, Kind, TemplateFields, toTemplateFields } from './template-fields.ts'

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

export function notificationTemplateRoutes(app: Api, context: ApiContext): void {
  const templates: Kept<NotificationTemplateRow, typeof TemplateFields> = {
    noun: 'notification template',
    path: '/v1/notification-templates',
    tag: 'Notifications',
    fields: TemplateFields,
    shown: closed({ id: Uuid, ...TemplateFields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Uuid, kind: Kind },
    sorts: true,
    configures: false,
    show: (row) => ({
      id: row.id,
      ...toTemplateFields(row),
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
  }
  const { path } = templates
  readRoutes(app, context, templates)
  app.post(path, { schema: createSchema(templates) }, async (request, reply) => {
    const { name, kind, contents, isDefault = false, brandId: named } = request.body
    await checkContents(requireIdentity(request), kind, contents)
    return answerCreated(context, templates, { request, reply }, (tx, { identity, now }) => {
      const brandId = owningBrand(identity, named)
      return insertNotificationTemplate(tx, { id: newId(now), brandId, name, kind, contents, isDefault })
    })
  })
  app.patch(`${path}/:id`, { schema: patchSchema(templates) }, async (request, reply) => {
    const id = readId(request, templates.noun)
    const checked = await checkChange(context, requireIdentity(request), {
      id,
      contents: request.body.contents,
    })
    return answerPatched(
      context,
      templates,
      { request, reply },
      {
        sent: request.body,
        toFields: toTemplateFields,
        async update(tx, { identity, now }, row, fields) {
          keepBrand(row, fields.brandId)
          keepKind(row, fields.kind)
          const changed = changedContents(row, fields.contents)
          // The row has changed since: seldom enough to let it wait for the check.
          if (JSON.stringify(changed) !== checked) await checkContents(identity, fields.kind, changed)
          const { name, contents, isDefault = false } = fields
          return updateNotificationTemplate(tx, { id: row.id, name, contents, isDefault, now })
        },
      },
    )
  })
  app.delete(`${path}/:id`, { schema: removeSchema(templates) }, (request, reply) =>
    answerRemoved(context, templates, { request, reply }, async (tx, _scope, row) => {
      const setting = settingOfKind[toTemplateFields(row).kind]
      const client = await findClientOfTemplate(tx, { id: row.id, brandId: row.brandId, setting })
      if (client !== undefined) throw new InUse('notification template', `the client ${client} has chosen it`)
      await deleteNotificationTemplate(tx, row.id)
    }),
  )

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
    (request) => preview(context, request, request.body),
  )
}

async function preview(
  context: ApiContext,
  request: FastifyRequest,
  { kind, language = 'en', timeZone = 'UTC', currency = 'EUR', content, templateId }: PreviewRequest,
): Promise<Static<typeof Preview>> {
  const faults = new Faults()
  faults.checkKnown('language', '/language', language)
  faults.checkKnown('timeZone', '/timeZone', timeZone)
  faults.checkKnown('currency', '/currency', currency)
  if (content && templateId) faults.add('/templateId', 'goes without content: send one of them')
  faults.throwIfAny()
  const tenant = tenantKey(request)
  if (content) {
    const found = await checkTemplates(tenant, { kind, contents: { [language]: content } })
    refuse(found.map(({ part, detail }) => ({ pointer: part ? `/content/${part}` : '/content', detail })))
  }
  const stored = templateId === undefined ? undefined : await findStored(context, request, templateId)
  if (stored && stored.kind !== kind) {
    refuse([{ pointer: '/kind', detail: `this template is for ${stored.kind} mails` }])
  }
  const locale = { language, timeZone, currency }
  const words = { content, stored: stored?.contents }
  return { kind, language, ...(await previewInThread(tenant, { kind, locale, words })) }
}

async function findStored(context: ApiContext, request: FastifyRequest, id: string): Promise<TemplateFields> {
  const row = await read(context, request, (tx) => findNotificationTemplate(tx, id, 'none'))
  if (row) return toTemplateFields(row)
  throw new InvalidRequest('There is no such notification template.', [
    { pointer: '/templateId', detail: 'is not a known notification template of the brand' },
  ])
}

/** Clients have chosen it for this kind. */
function keepKind(row: NotificationTemplateRow, kind: string): void {
  if (row.kind !== kind) refuse([{ pointer: '/kind', detail: 'cannot change: make another template' }])
}
