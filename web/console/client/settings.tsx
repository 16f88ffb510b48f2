/** What the sections of a client share: what is shown, and a card with a form that changes it. */
import type { api } from '../../shared/api.ts'
import type { IfMatch } from '../../shared/form.tsx'
import type { Client } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { type SettingsCard, SettingsForm } from '../settings.tsx'

export type Change = NonNullable<Parameters<typeof api<'PATCH /v1/clients/{id}'>>[1]['body']>

export interface Shown {
  client: Client
  change(body: Change, ifMatch: IfMatch): Promise<unknown>
}

/** A card with a form that changes the client. */
export function Settings(card: SettingsCard<Change>) {
  const { may } = useConsole()
  return <SettingsForm {...card} mayChange={may('clients', 'u')} />
}
