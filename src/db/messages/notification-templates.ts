/**
 * A brand's own templates of mails.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Sql, Tx } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { clients, notificationTemplates as table } from '../schema.ts'

export type NotificationTemplateRow = typeof table.$inferSelect

export async function listNotificationTemplates(
  tx: Tx,
  page: PagePlace & { brandId: string | null; kind: string | null },
): Promise<NotificationTemplateRow[]> {
  return tx
    .select()
    .from(table)
    .where(
      and(
        afterPlace(table, page),
        page.brandId === null ? undefined : eq(table.brandId, page.brandId),
        page.kind === null ? undefined : eq(table.kind, page.kind),
      ),
    )
    .orderBy(...inOrder(table, page))
    .limit(page.limit)
}

/** `share`: it stays until the transaction ends. */
export async function findNotificationTemplate(
  tx: Tx,
  id: string,
  lock: 'none' | 'share' | 'update',
): Promise<NotificationTemplateRow | undefined> {
  const query = tx.select().from(table).where(eq(table.id, id))
  const rows = await (lock === 'none' ? query : query.for(lock))
  return rows[0]
}

export async function insertNotificationTemplate(
  tx: Tx,
  values: typeof table.$inferInsert,
): Promise<NotificationTemplateRow> {
  const [row] = await tx.insert(table).values(values).returning()
  if (!row) throw new Error('an inserted notification template was not returned')
  return row
}

export async function updateNotificationTemplate(
  tx: Tx,
  change: { id: string; name: string; contents: unknown; isDefault: boolean; now: number },
): Promise<NotificationTemplateRow> {
  const { id, now, ...values } = change
  const [row] = await tx
    .update(table)
    .set({ ...values, revision: sql`${table.revision} + 1`, updatedAt: now })
    .where(eq(table.id, id))
    .returning()
  if (!row) throw new Error(`notification template ${id} vanished while it was locked`)
  return row
}

export async function deleteNotificationTemplate(tx: Tx, id: string): Promise<void> {
  await tx.delete(table).where(eq(table.id, id))
}

/** A client that has chosen the template. `setting` is the name of the kind in the client's choice. */
export async function findClientOfTemplate(
  tx: Tx,
  { id, brandId, setting }: { id: string; brandId: string; setting: string },
): Promise<string | undefined> {
  const rows = await tx
    .select({ name: clients.name })
    .from(clients)
    .where(and(eq(clients.brandId, brandId), sql`${clients.notificationTemplates} ->> ${setting} = ${id}`))
    .limit(1)
  return rows[0]?.name
}

/** Contents of the client's own template and of the brand's default one, in that order, as far as there are any. */
export async function findTemplateContents(
  db: Sql,
  mail: { kind: string; setting: string; brandId: string; clientId: string | null },
): Promise<unknown[]> {
  const rows = await db<{ contents: unknown }[]>`
    with chosen as (
      select notification_templates ->> ${mail.setting} as id
      from clients
      where id = ${mail.clientId}
    )
    select t.contents
    from notification_templates t
    left join chosen c on c.id = t.id::text
    where t.brand_id = ${mail.brandId}
      and t.kind = ${mail.kind}
      and (c.id is not null or t.is_default)
    order by c.id is null`
  return rows.map(({ contents }) => readJson<unknown>(contents))
}
