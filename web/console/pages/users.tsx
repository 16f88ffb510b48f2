/**
 * People who run the brand, each with a log-in and a role.
 */
import { useState } from 'preact/hooks'
import { type Answer, api } from '../../shared/api.ts'
import { NewPasswordField } from '../../shared/door.tsx'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, EditDialog, FormDialog } from '../dialogs.tsx'
import { orNull } from '../parts.tsx'

type User = Answer<'GET /v1/brands/{brandId}/admins'>['data'][number]
const roles = ['owner', 'operator', 'finance', 'viewer'] as const

export function UsersPage() {
  const { texts, brandId } = useConsole()
  const [chosen, choose] = useState<string>()
  const { data: brands } = useData(brandId === null ? 'brands' : null, (signal) =>
    api('GET /v1/brands', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const of = brandId ?? chosen ?? brands?.data[0]?.id
  return (
    <>
      {of ? <Users key={of} brandId={of} /> : <Heading>{texts.users}</Heading>}
      {brandId === null && brands && (
        <div class="filters">
          <SelectField
            name="brand"
            label={texts.brandOf}
            value={of ?? ''}
            options={brands.data.map(({ id, name }) => ({ value: id, text: name }))}
            onChange={choose}
          />
        </div>
      )}
    </>
  )
}

function Users({ brandId }: { brandId: string }) {
  const { words, format } = useLocale()
  const { texts, may, me } = useConsole()
  const params = { brandId }
  const users = usePages<User>(`users ${brandId}`, (cursor, signal) =>
    api('GET /v1/brands/{brandId}/admins', {
      params,
      query: { sort: 'name', ...(cursor && { cursor }) },
      signal,
    }),
  )
  const readRole = (role: string | undefined) => roles.find((known) => known === role) ?? 'viewer'
  const roleField = (role?: User['role']) => (
    <SelectField
      name="role"
      label={texts.role}
      hint={texts.brandRoleHint}
      value={role ?? 'operator'}
      options={roles.map((known) => ({ value: known, text: texts.brandRoles[known] }))}
    />
  )
  const change = async (
    id: string,
    body: { role?: User['role']; suspended?: boolean; email?: string | null },
    headers: Record<string, string> = {},
  ) => {
    await api('PATCH /v1/brands/{brandId}/admins/{id}', { params: { brandId, id }, body, headers })
    users.reload()
  }
  return (
    <>
      <Heading
        actions={
          may('brand-admins', 'c') && (
            <FormDialog
              label={texts.addUser}
              isPrimary
              submit={words.add}
              send={async ({ username = '', name, email, newPassword = '', role }) => {
                await api('POST /v1/brands/{brandId}/admins', {
                  params,
                  body: {
                    username,
                    ...(name && { name }),
                    email: orNull(email),
                    password: newPassword,
                    role: readRole(role),
                  },
                })
                users.reload()
              }}
            >
              <TextField name="username" label={words.username} required autocomplete="off" />
              <TextField name="name" label={words.name} />
              <TextField name="email" label={words.email} type="email" />
              {roleField()}
              <NewPasswordField />
            </FormDialog>
          )
        }
      >
        {texts.users}
      </Heading>
      <PagedTable
        caption={texts.users}
        empty={texts.noUsers}
        pages={users}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => (
              <>
                {name} {me.admin?.id === id && <Badge>{words.you}</Badge>}
              </>
            ),
          },
          { name: words.username, cell: ({ username }) => username },
          { name: texts.role, cell: ({ role }) => texts.brandRoles[role] },
          {
            name: words.lastLogin,
            isShort: true,
            cell: ({ lastLoginAt }) => (lastLoginAt === null ? words.never : format.instant(lastLoginAt)),
          },
          {
            name: words.status,
            cell: ({ suspended }) => suspended && <Badge tone="bad">{words.suspended}</Badge>,
          },
          {
            name: words.edit,
            isActions: true,
            cell: ({ id, name, suspended }) =>
              may('brand-admins', 'u') && (
                <span class="actions">
                  <EditDialog
                    title={name}
                    load={(signal) =>
                      api.tagged('GET /v1/brands/{brandId}/admins/{id}', { params: { brandId, id }, signal })
                    }
                    save={(values, headers) =>
                      change(id, { role: readRole(values.role), email: orNull(values.email) }, headers)
                    }
                  >
                    {({ role, email }) => (
                      <>
                        <TextField name="email" label={words.email} type="email" value={email ?? ''} />
                        {roleField(role)}
                      </>
                    )}
                  </EditDialog>
                  <AskFirst
                    label={suspended ? words.unsuspend : words.suspend}
                    question={name}
                    isDanger={!suspended}
                    act={() => change(id, { suspended: !suspended })}
                  />
                  <AskFirst
                    label={words.remove}
                    question={texts.removeUser(name)}
                    isDanger
                    act={async () => {
                      await api('DELETE /v1/brands/{brandId}/admins/{id}', { params: { brandId, id } })
                      users.reload()
                    }}
                  />
                </span>
              ),
          },
        ]}
      />
    </>
  )
}
