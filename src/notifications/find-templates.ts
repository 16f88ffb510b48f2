/**
 * The stored templates for a mail: the client's own, then its brand's default one, as far as there are any.
 */
import type { Sql } from '../db/connection.ts'
import { findTemplateContents } from '../db/messages/notification-templates.ts'
import type { TemplateSet } from './choose-template.ts'
import { type MailKind, settingOfKind } from './mail-content.ts'

export async function findTemplates(
  db: Sql,
  mail: { kind: MailKind; clientId: string | null; brandId: string },
): Promise<TemplateSet[]> {
  if (mail.kind === 'password-reset') return []
  const contents = await findTemplateContents(db, { ...mail, setting: settingOfKind[mail.kind] })
  // What stands in this column was checked when it was written.
  return contents as TemplateSet[]
}
