/** A card with a form that changes settings of what is shown: a client, a brand. */
import type { ComponentChildren } from 'preact'
import { Form, type IfMatch, SubmitButton } from '../shared/form.tsx'
import { Card } from '../shared/layout.tsx'
import { useLocale } from '../shared/locale.tsx'

export interface SettingsCard<Change> {
  title: string
  children: ComponentChildren
  change(body: Change, ifMatch: IfMatch): Promise<unknown>
  read(values: Record<string, string>): Change
}

export function SettingsForm<Change>({
  title,
  children,
  change,
  read,
  mayChange,
}: SettingsCard<Change> & { mayChange: boolean }) {
  const { words } = useLocale()
  return (
    <Card title={title}>
      <Form
        class="form two-columns"
        done={words.saved}
        send={(values, ifMatch) => change(read(values), ifMatch)}
      >
        {children}
        {mayChange && (
          <div class="buttons wide">
            <SubmitButton>{words.save}</SubmitButton>
          </div>
        )}
      </Form>
    </Card>
  )
}
