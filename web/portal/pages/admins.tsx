/**
 * Who else uses this portal, and what each may do there.
 */
import { useState } from 'preact/hooks'
import { type Answer, api } from '../../shared/api.ts'
import { Dialog } from '../../shared/dialog.tsx'
import { NewPasswordField } from '../../shared/door.tsx'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import type { Letter } from '../../shared/session.tsx'
import { Failure, Loading, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'

type Admin = Answer<'GET /v1/clients/{clientId}/admins'>['data'][number]
type RightRow = Answer<'GET /v1/clients/{clientId}/admins/{id}/rights'>['data'][number]

export function AdminsPage() {
  const { words, format } = useLocale()
  const { me, client, may } = usePortal()
  const [edited, setEdited] = useState<string>()
  const admins = usePages('admins', (cursor, signal) =>
    api('GET /v1/clients/{clientId}/admins', {
      params: { clientId: client.id },
      query: { limit: 100, ...(cursor && { cursor }) },
      signal,
    }),
  )
  const close = () => {
    setEdited(undefined)
    admins.reload()
  }
  return (
    <>
      <Heading
        actions={
          may('admins', 'c') && (
            <button type="button" class="primary" onClick={() => setEdited('new')}>
              {words.addAdmin}
            </button>
          )
        }
      >
        {words.admins}
      </Heading>
      <PagedTable
        caption={words.admins}
        empty={words.nothingHere}
        pages={admins}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: (admin) => (
              <>
                {may('admins', 'u') || may('admins', 'd') ? (
                  <button type="button" class="plain" onClick={() => setEdited(admin.id)}>
                    {admin.name}
                  </button>
                ) : (
                  admin.name
                )}{' '}
                {admin.id === me.admin?.id && <Badge>{words.you}</Badge>}
              </>
            ),
          },
          { name: words.username, cell: ({ username }) => username },
          { name: words.email, cell: ({ email }) => email },
          {
            name: words.rights,
            cell: ({ suspended, restricted }) => (
              <>
                <Badge>{restricted ? words.restricted : words.everything}</Badge>{' '}
                {suspended && <Badge tone="bad">{words.suspended}</Badge>}
              </>
            ),
          },
          {
            name: words.lastLogin,
            cell: ({ lastLoginAt }) => (lastLoginAt ? format.instant(lastLoginAt) : words.never),
          },
        ]}
      />
      {edited === 'new' && <NewAdmin onClose={close} />}
      {edited && edited !== 'new' && <EditAdmin id={edited} onClose={close} />}
    </>
  )
}

function NewAdmin({ onClose }: { onClose(): void }) {
  const { words } = useLocale()
  const { client } = usePortal()
  return (
    <Dialog title={words.addAdmin} onClose={onClose}>
      <Form
        send={async ({ username = '', name = '', email = '', newPassword = '' }) => {
          await api('POST /v1/clients/{clientId}/admins', {
            params: { clientId: client.id },
            body: {
              username,
              ...(name && { name }),
              email: email || null,
              password: newPassword,
            },
          })
          onClose()
        }}
      >
        <TextField name="username" label={words.username} required maxLength={254} autocomplete="off" />
        <TextField name="name" label={words.name} maxLength={200} autocomplete="off" />
        <TextField name="email" label={words.email} type="email" autocomplete="off" />
        <NewPasswordField />
        <SubmitButton>{words.add}</SubmitButton>
      </Form>
    </Dialog>
  )
}

function EditAdmin({ id, onClose }: { id: string; onClose(): void }) {
  const { words } = useLocale()
  const { me, client, may } = usePortal()
  const [failure, setFailure] = useState<Error>()
  const params = { clientId: client.id, id }
  const loaded = useData(`admin ${id}`, (signal) =>
    api.tagged('GET /v1/clients/{clientId}/admins/{id}', { params, signal }),
  )
  if (!loaded.data) {
    return (
      <Dialog title={words.editAdmin} onClose={onClose}>
        {loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />}
      </Dialog>
    )
  }
  const { answer: admin, etag } = loaded.data
  const isOwn = admin.id === me.admin?.id
  const change = (body: { suspended: boolean }) =>
    api('PATCH /v1/clients/{clientId}/admins/{id}', { params, body }).then(onClose, setFailure)
  const remove = () => {
    if (!confirm(words.removeAdmin(admin.name))) return
    api('DELETE /v1/clients/{clientId}/admins/{id}', { params }).then(onClose, setFailure)
  }
  return (
    <Dialog title={`${words.editAdmin}: ${admin.name}`} onClose={onClose}>
      {may('admins', 'u') && (
        <Form
          done={words.saved}
          send={async ({ name = '', email = '' }, ifMatch) => {
            const body = { name, email: email || null }
            await api('PATCH /v1/clients/{clientId}/admins/{id}', { params, body, headers: ifMatch(etag) })
            loaded.reload()
          }}
        >
          <TextField name="name" label={words.name} value={admin.name} required maxLength={200} />
          <TextField name="email" label={words.email} type="email" value={admin.email ?? ''} />
          <SubmitButton>{words.save}</SubmitButton>
        </Form>
      )}
      {may('admins', 'u') && !isOwn && <RightsForm admin={admin} onSaved={loaded.reload} />}
      {failure && <Failure error={failure} />}
      {!isOwn && (
        <div class="buttons">
          {may('admins', 'u') && (
            <button type="button" onClick={() => change({ suspended: !admin.suspended })}>
              {admin.suspended ? words.unsuspend : words.suspend}
            </button>
          )}
          {may('admins', 'd') && (
            <button type="button" class="plain danger" onClick={remove}>
              {words.remove}
            </button>
          )}
        </div>
      )}
    </Dialog>
  )
}

const letters = { c: 'create', r: 'read', u: 'update', d: 'delete' } as const

/** A table of ticks; where the other has everything, ticking `restrictTo` begins to limit. */
function RightsForm({ admin, onSaved }: { admin: Admin; onSaved(): void }) {
  const { words } = useLocale()
  const { client, may } = usePortal()
  const params = { clientId: client.id, id: admin.id }
  const [restricted, setRestricted] = useState(admin.restricted)
  const { data, error } = useData(`rights ${admin.id}`, (signal) =>
    api('GET /v1/clients/{clientId}/admins/{id}/rights', { params, signal }),
  )
  if (error) return <Failure error={error} />
  if (!data) return <Loading />
  // Nobody gives a right that they do not have.
  const rows = data.data.filter(({ resource }) => may(resource))
  const names: Record<string, string> = words.resources
  return (
    <Form
      class="rights"
      done={words.saved}
      send={async (values) => {
        if (!restricted) {
          await api('PATCH /v1/clients/{clientId}/admins/{id}', { params, body: { restricted: false } })
          return onSaved()
        }
        const ticked = (resource: string, letter: Letter) => values[`${resource} ${letter}`] === 'on'
        await api('PUT /v1/clients/{clientId}/admins/{id}/rights', {
          params,
          body: {
            data: rows.map(
              ({ resource }): RightRow => ({
                resource,
                create: ticked(resource, 'c'),
                read: ticked(resource, 'r'),
                update: ticked(resource, 'u'),
                delete: ticked(resource, 'd'),
              }),
            ),
          },
        })
        onSaved()
      }}
    >
      <h3>{words.rights}</h3>
      <label class="check">
        <input
          type="checkbox"
          checked={restricted}
          onChange={(event) => setRestricted(event.currentTarget.checked)}
        />
        {words.restrictTo}
      </label>
      {restricted && (
        <ul class="facts">
          {rows.map((row) => (
            <li key={row.resource} class="right">
              <span>{names[row.resource] ?? row.resource}</span>
              <span class="actions">
                {(['r', 'c', 'u', 'd'] as const)
                  .filter((letter) => may(row.resource, letter))
                  .map((letter) => (
                    <label key={letter} class="check">
                      <input
                        type="checkbox"
                        name={`${row.resource} ${letter}`}
                        // Whoever begins to limit somebody begins with nothing.
                        defaultChecked={admin.restricted && row[letters[letter]]}
                      />
                      {words.right[letter]}
                    </label>
                  ))}
              </span>
            </li>
          ))}
        </ul>
      )}
      <SubmitButton>{words.save}</SubmitButton>
    </Form>
  )
}
