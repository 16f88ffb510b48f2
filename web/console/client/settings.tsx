/** What the sections of a client share: what is shown, and a card with a form that changes it. */
import type { ComponentChildren } from 'preact'
import type { api } from '../../shared/api.ts'
import { Form, type IfMatch, SubmitButton } from '../../shared/form.tsx'
import { Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import type { Client } from '../client-field.tsx'
import { useConsole } from '../console.tsx'

export type Change = NonNullable<Parameters<typeof api<'PATCH /v1/clients/{id}'>>[1]['body']>

export interface Shown {
  client: Client
  change(body: Change, ifMatch: IfMatch): Promise<unknown>
}

/** A card with a form that changes the client. */
export function Settings({
  title,
  children,
  change,
  read,
}: {
  title: string
  children: ComponentChildren
  change: Shown['change']
  read(values: Record<string, string>): Change
}) {
  const { words } = useLocale()
  const { may } = useConsole()
  return (
    <Card title={title}>
      <Form
        class="form two-columns"
        done={words.saved}
        send={(values, ifMatch) => change(read(values), ifMatch)}
      >
        {children}
        {may('clients', 'u') && (
          <div class="buttons wide">
            <SubmitButton>{words.save}</SubmitButton>
          </div>
        )}
      </Form>
    </Card>
  )
}
