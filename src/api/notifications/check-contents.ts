/**
 * Are a template's contents sound? Asked before a transaction begins, of those alone that are new: the check runs in a
 * thread, and may take seconds.
 */

import {
  findNotificationTemplate,
  type NotificationTemplateRow,
} from '../../db/messages/notification-templates.ts'
import { asTenant } from '../../db/tenant.ts'
import { InvalidRequest } from '../../errors.ts'
import { type Identity, toTenant } from '../../identities/identity.ts'
import type { MailKind } from '../../notifications/mail-content.ts'
import { mailParts } from '../../notifications/render-mail.ts'
import { checkTemplates, type TemplateFaultIn } from '../../notifications/template-work.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { mergePatch } from '../conventions/merge-patch.ts'
import { languageTag, type TemplateFields, toTemplateFields } from './template-fields.ts'

/**
 * Checks what a patch changes, before a transaction begins. Answers what it has checked; null: nothing, because the
 * patch will be refused for something else.
 */
export async function checkChange(
  { db }: ApiContext,
  identity: Identity,
  { id, contents }: { id: string; contents: unknown },
): Promise<string | null> {
  const row = await asTenant(db, toTenant(identity), (tx) => findNotificationTemplate(tx, id, 'none'))
  if (!row || contents === undefined) return null
  const merged = mergePatch(row.contents, contents)
  if (!isContents(merged)) return null
  const changed = changedContents(row, merged)
  await checkContents(identity, toTemplateFields(row).kind, changed)
  return JSON.stringify(changed)
}

/** Whether a merged document has the parts that are checked; its whole shape is checked later. */
function isContents(merged: unknown): merged is TemplateFields['contents'] {
  const languages = Object.entries(merged ?? {})
  return languages.every(
    ([language, content]) =>
      languageTag.test(language) && mailParts.every((part) => typeof content?.[part] === 'string'),
  )
}

/** Languages whose words are others than those stored, which were checked when they were. */
export function changedContents(
  row: NotificationTemplateRow,
  contents: TemplateFields['contents'],
): TemplateFields['contents'] {
  const before = toTemplateFields(row).contents
  return Object.fromEntries(
    Object.entries(contents).filter(([language, { subject, text, html }]) => {
      const stored = before[language]
      return stored?.subject !== subject || stored.text !== text || stored.html !== html
    }),
  )
}

export async function checkContents(
  identity: Identity,
  kind: MailKind,
  contents: TemplateFields['contents'],
): Promise<void> {
  const faults = new Faults()
  for (const language of Object.keys(contents)) {
    faults.checkKnown('language', `/contents/${language}`, language)
  }
  faults.throwIfAny()
  if (Object.keys(contents).length === 0) return
  refuse((await checkTemplates(brandKey(identity), { kind, contents })).map(findFaultPlace))
}

function findFaultPlace({ language, part, detail }: TemplateFaultIn) {
  const pointer = language === null ? '/contents' : `/contents/${language}/${part}`
  return { pointer, detail }
}

/** Whose places this request takes. */
function brandKey({ brandId }: Identity): string {
  return brandId ?? 'platform'
}

export function refuse(faults: readonly { pointer: string; detail: string }[]): void {
  if (faults.length > 0) throw new InvalidRequest('A mail cannot be made from this template.', faults)
}
