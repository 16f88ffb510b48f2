/**
 * API keys of programs. A key is shown once, when it is made.
 */
import { useState } from 'preact/hooks'
import { type Answer, api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import { BrandField, ShownOnce } from '../parts.tsx'

type Key = Answer<'GET /v1/api-keys'>['data'][number]
const roles = ['brand', 'finance', 'engine'] as const

export function KeysPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const [made, setMade] = useState<{ name: string; secret: string }>()
  const keys = usePages<Key>('keys', (cursor, signal) =>
    api('GET /v1/api-keys', { query: cursor ? { cursor } : {}, signal }),
  )
  return (
    <>
      <Heading
        actions={
          may('api-keys', 'c') && (
            <FormDialog
              label={texts.addKey}
              isPrimary
              submit={words.add}
              send={async ({ name = '', role, brandId }) => {
                const { key } = await api('POST /v1/api-keys', {
                  body: {
                    name,
                    role: roles.find((known) => known === role) ?? 'finance',
                    ...(brandId && { brandId }),
                  },
                })
                setMade({ name, secret: key })
                keys.reload()
              }}
            >
              <BrandField />
              <TextField name="name" label={words.name} required />
              <SelectField
                name="role"
                label={texts.role}
                options={roles.map((role) => ({ value: role, text: texts.keyRoles[role] }))}
              />
            </FormDialog>
          )
        }
      >
        {texts.keys}
      </Heading>
      {made && <ShownOnce key={made.secret} text={texts.keyOnce} {...made} />}
      <PagedTable
        caption={texts.keys}
        empty={texts.noKeys}
        pages={keys}
        keyOf={({ id }) => id}
        columns={[
          { name: words.name, isTitle: true, cell: ({ name }) => name },
          { name: texts.role, cell: ({ role }) => texts.keyRoles[role] },
          { name: texts.apiKeyBegins, cell: ({ prefix }) => <span class="code">{prefix}…</span> },
          {
            name: texts.lastUsed,
            isShort: true,
            cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.never : format.instant(lastUsedAt)),
          },
          {
            name: texts.expires,
            isShort: true,
            cell: ({ expiresAt }) => (expiresAt === null ? words.never : format.instant(expiresAt)),
          },
          {
            name: words.status,
            isCorner: true,
            cell: ({ id, name, revokedAt }) =>
              revokedAt !== null ? (
                <Badge tone="bad">{texts.revoked}</Badge>
              ) : (
                may('api-keys', 'd') && (
                  <AskFirst
                    label={texts.revoke}
                    question={texts.revokeText(name)}
                    isDanger
                    act={async () => {
                      await api('DELETE /v1/api-keys/{id}', { params: { id } })
                      keys.reload()
                    }}
                  />
                )
              ),
          },
        ]}
      />
    </>
  )
}
