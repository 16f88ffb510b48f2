/**
 * Clients on pages that are about something else: one is chosen, others are named where only their ids are known.
 */
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { type Answer, api } from '../shared/api.ts'
import { SelectField } from '../shared/form.tsx'
import { useLocale } from '../shared/locale.tsx'
import { useData } from '../shared/use-data.ts'
import { useConsole } from './console.tsx'
import { withoutEmpty } from './parts.tsx'

export type Client = Answer<'GET /v1/clients/{id}'>

/** So many stand in a list; among more one is found by part of its name or SIP domain. */
const maxListed = 100
const maxFound = 20
const typingPauseMs = 200

interface ClientChoice {
  value?: string | undefined
  /** What it is called that none is chosen; left out: one must be. */
  all?: string | undefined
  /** Of this brand alone. */
  brandId?: string | undefined
}

/** The field `clientId` of a form. */
export function ClientField({ value, all, brandId }: ClientChoice) {
  const { words } = useLocale()
  const { data } = useData(`clients of ${brandId ?? 'all'}`, (signal) =>
    api('GET /v1/clients', {
      query: { limit: maxListed, sort: 'name', ...(brandId && { brandId }) },
      signal,
    }),
  )
  if (data && data.nextCursor !== null) {
    return <ClientSearch value={value} all={all} brandId={brandId} />
  }
  const clients = data?.data ?? []
  return (
    <SelectField
      key={data ? 'listed' : 'asked'}
      name="clientId"
      label={words.client}
      value={value ?? (all === undefined ? (clients[0]?.id ?? '') : '')}
      options={[
        ...(all === undefined ? [] : [{ value: '', text: all }]),
        ...clients.map((client) => ({ value: client.id, text: describe(client) })),
      ]}
    />
  )
}

const describe = ({ name, sipDomain }: Client) => `${name} (${sipDomain})`

/** A field to type in, with what matches below it; the form takes the id of what was chosen. */
function ClientSearch({ value, all, brandId }: ClientChoice) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState<string>()
  const [search, setSearch] = useState('')
  const chosen = useData(value ? `client ${value}` : null, (signal) =>
    api('GET /v1/clients/{id}', { params: { id: value ?? '' }, signal }),
  ).data
  const text = typed ?? (chosen ? describe(chosen) : '')
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text.trim()), typingPauseMs)
    return () => clearTimeout(timer)
  }, [text])
  const { data: found = [] } = useData(`clients like ${search} of ${brandId ?? 'all'}`, async (signal) => {
    const query = { limit: maxFound, sort: 'name' as const, ...withoutEmpty({ search, brandId }) }
    return (await api('GET /v1/clients', { query, signal })).data
  })
  const match = [...(chosen ? [chosen] : []), ...found].find(
    (client) => describe(client) === text || client.sipDomain === text.trim().toLowerCase(),
  )
  useEffect(() => {
    const isFault = text === '' ? all === undefined : match === undefined
    input.current?.setCustomValidity(isFault ? texts.chooseClient : '')
  }, [text, match, all, texts])
  return (
    <div class="field">
      <label for={id}>{words.client}</label>
      <input
        ref={input}
        id={id}
        type="search"
        list={`${id}-found`}
        autocomplete="off"
        placeholder={all ?? texts.searchClients}
        value={text}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <datalist id={`${id}-found`}>
        {found.map((client) => (
          <option key={client.id} value={describe(client)} />
        ))}
      </datalist>
      <input type="hidden" name="clientId" value={text === '' ? '' : (match?.id ?? '')} />
    </div>
  )
}

/** Names by ids, asked for as they come; `…` until then. */
export function useClientNames(ids: readonly (string | null | undefined)[]): (id: string) => string {
  const known = useRef(new Map<string, string>())
  const wanted = new Set(ids.filter((id) => id && !known.current.has(id)))
  const missing = [...wanted].sort().slice(0, maxListed).join()
  useData(missing === '' ? null : `client names ${missing}`, async (signal) => {
    const query = { ids: missing, limit: maxListed }
    const { data } = await api('GET /v1/clients', { query, signal })
    // One that is gone has no name, and is not asked for again.
    for (const id of missing.split(',')) known.current.set(id, '–')
    for (const { id, name } of data) known.current.set(id, name)
  })
  return (id) => known.current.get(id) ?? '…'
}
