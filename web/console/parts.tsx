/**
 * What several pages of the console have in common: choosing a client or a brand, a question before something is done for
 * good, and tabs of a page.
 */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Answer, api } from '../shared/api.ts'
import { Dialog } from '../shared/dialog.tsx'
import { Form, SelectField, SubmitButton } from '../shared/form.tsx'
import { useLocale } from '../shared/locale.tsx'
import { useData } from '../shared/use-data.ts'
import { useConsole } from './console.tsx'

/** Brands to choose from: the platform says for which one it makes something; nobody else is asked. */
export function BrandField() {
  const { texts, brandId } = useConsole()
  const { data } = useData(brandId === null ? 'brands' : null, (signal) =>
    api('GET /v1/brands', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (brandId !== null || !data) return null
  return (
    <SelectField
      name="brandId"
      label={texts.brandOf}
      options={data.data.map(({ id, name }) => ({ value: id, text: name }))}
    />
  )
}

/** Names of the clients by their ids, as far as they are among the first 500. */
export function useClients() {
  return useData('clients', async (signal) => {
    const { data } = await api('GET /v1/clients', { query: { limit: 500, sort: 'name' }, signal })
    return data
  })
}

export type Client = Answer<'GET /v1/clients/{id}'>

export function ClientField({ clients, value }: { clients: readonly Client[]; value?: string | undefined }) {
  const { words } = useLocale()
  return (
    <SelectField
      name="clientId"
      label={words.client}
      value={value ?? clients[0]?.id ?? ''}
      options={clients.map(({ id, name, sipDomain }) => ({ value: id, text: `${name} (${sipDomain})` }))}
    />
  )
}

/** A button that asks before it does. */
export function AskFirst({
  label,
  question,
  isDanger = false,
  act,
  children,
}: {
  label: string
  question: string
  isDanger?: boolean
  /** `values`: of the fields among `children`. */
  act(values: Record<string, string>): Promise<unknown>
  children?: ComponentChildren
}) {
  const { words } = useLocale()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" class={isDanger ? 'danger' : undefined} onClick={() => setOpen(true)}>
        {label}
      </button>
      {isOpen && (
        <Dialog title={label} onClose={() => setOpen(false)}>
          <p>{question}</p>
          <Form
            send={async (values) => {
              await act(values)
              setOpen(false)
            }}
          >
            {children}
            <div class="buttons">
              <SubmitButton>{label}</SubmitButton>
              <button type="button" onClick={() => setOpen(false)}>
                {words.cancel}
              </button>
            </div>
          </Form>
        </Dialog>
      )}
    </>
  )
}

/** A button that opens a form over the page. */
export function FormDialog({
  label,
  title = label,
  isPrimary = false,
  send,
  submit,
  children,
}: {
  label: string
  title?: string
  isPrimary?: boolean
  send(values: Record<string, string>): Promise<unknown>
  submit?: string
  children: ComponentChildren
}) {
  const { words } = useLocale()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" class={isPrimary ? 'primary' : undefined} onClick={() => setOpen(true)}>
        {label}
      </button>
      {isOpen && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          <Form
            send={async (values) => {
              await send(values)
              setOpen(false)
            }}
          >
            {children}
            <SubmitButton>{submit ?? words.save}</SubmitButton>
          </Form>
        </Dialog>
      )}
    </>
  )
}

export function CheckField({
  name,
  label,
  hint,
  isOn = false,
}: {
  name: string
  label: string
  hint?: string
  isOn?: boolean
}) {
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" name={name} value="on" defaultChecked={isOn} />
        {label}
      </label>
      {hint && <small class="hint">{hint}</small>}
    </div>
  )
}

/** What a filter leaves out is not asked for. */
export function withoutEmpty(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}

/** An empty field takes a setting away. */
export const orNull = (value: string | undefined) => value?.trim() || null
