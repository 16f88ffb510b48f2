/**
 * Who changed what, from which value to which.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { withoutEmpty } from '../parts.tsx'

type Entry = Answer<'GET /v1/audit-log'>['data'][number]
const actions = ['create', 'update', 'delete'] as const

export function AuditLogPage() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { query, url, route } = useLocation()
  const action = actions.find((known) => known === query.action)
  const entries = usePages<Entry>(url, (cursor, signal) =>
    api('GET /v1/audit-log', {
      query: {
        ...(action && { action }),
        ...(query.resource && { resource: query.resource }),
        ...(query.actor && { actor: query.actor }),
        ...(cursor && { cursor }),
      },
      signal,
    }),
  )
  const tones = { create: 'good', update: undefined, delete: 'bad' } as const
  return (
    <>
      <Heading>{texts.auditLog}</Heading>
      <Form
        key={url}
        class="filters"
        send={async (values) => route(`/console/audit-log?${new URLSearchParams(withoutEmpty(values))}`)}
      >
        <TextField
          name="resource"
          label={texts.resource}
          value={query.resource ?? ''}
          pattern="[a-z\-]{1,40}"
        />
        <TextField name="actor" label={texts.actor} value={query.actor ?? ''} />
        <SelectField
          name="action"
          label={texts.action}
          value={query.action ?? ''}
          options={[
            { value: '', text: words.all },
            ...actions.map((known) => ({ value: known, text: texts.actions[known] })),
          ]}
        />
        <div class="buttons">
          <SubmitButton>{words.filter}</SubmitButton>
        </div>
      </Form>
      <PagedTable
        caption={texts.auditLog}
        empty={texts.noChanges}
        pages={entries}
        keyOf={({ id }) => id}
        columns={[
          { name: texts.at, isTitle: true, isShort: true, cell: ({ at }) => format.instant(at) },
          { name: texts.actor, cell: ({ actor }) => actor },
          {
            name: texts.action,
            isCorner: true,
            cell: ({ action: done }) => <Badge tone={tones[done]}>{texts.actions[done]}</Badge>,
          },
          { name: texts.resource, cell: ({ resource }) => resource },
          {
            name: texts.changes,
            cell: ({ changes }) => (
              <details>
                <summary>{format.list(changes.slice(0, 3).map(({ field }) => field)) || '–'}</summary>
                <ul>
                  {changes.map(({ field, from, to }) => (
                    <li key={field} class="code">
                      {field}: {showValue(from)} → {showValue(to)}
                    </li>
                  ))}
                </ul>
              </details>
            ),
          },
        ]}
      />
    </>
  )
}

function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
