/** What the sections of a brand share: what is shown, and a card with a form that changes it. */
import type { Answer, api } from '../../shared/api.ts'
import type { IfMatch } from '../../shared/form.tsx'
import { useConsole } from '../console.tsx'
import { type SettingsCard, SettingsForm } from '../settings.tsx'

export type Brand = Answer<'GET /v1/brands/{id}'>
export type Change = NonNullable<Parameters<typeof api<'PATCH /v1/brands/{id}'>>[1]['body']>

export interface Shown {
  brand: Brand
  change(body: Change, ifMatch: IfMatch): Promise<unknown>
}

/** A card with a form that changes the brand. */
export function Settings(card: SettingsCard<Change>) {
  const { may } = useConsole()
  return <SettingsForm {...card} mayChange={may('brands', 'u')} />
}

/** Numbers or digits as somebody writes several of them into one field. */
export const readList = (text = '') => text.split(/[\s,;]+/).filter(Boolean)
