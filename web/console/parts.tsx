/**
 * What several pages of the console have in common: choosing a client or a brand, a question before something is done for
 * good, and tabs of a page.
 */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Answer, api } from '../shared/api.ts'
import { Dialog } from '../shared/dialog.tsx'
import { Form, type IfMatch, SelectField, SubmitButton } from '../shared/form.tsx'
import { Card } from '../shared/layout.tsx'
import { useLocale } from '../shared/locale.tsx'
import { Failure, Loading } from '../shared/table.tsx'
import { useData } from '../shared/use-data.ts'
import { useConsole } from './console.tsx'

/** Brands to choose from: the platform says for which one it makes something; nobody else is asked. */
export function BrandField({ value }: { value?: string | undefined }) {
  const { texts, brandId } = useConsole()
  const { data } = useData(brandId === null ? 'brands' : null, (signal) =>
    api('GET /v1/brands', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (brandId !== null || !data) return null
  return (
    <SelectField
      name="brandId"
      label={texts.brandOf}
      {...(value !== undefined && { value })}
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

/** `all`: what it is called that none is chosen; left out: one must be. */
export function ClientField({
  clients,
  value,
  all,
}: {
  clients: readonly Client[]
  value?: string | undefined
  all?: string
}) {
  const { words } = useLocale()
  return (
    <SelectField
      name="clientId"
      label={words.client}
      value={value ?? (all === undefined ? (clients[0]?.id ?? '') : '')}
      options={[
        ...(all === undefined ? [] : [{ value: '', text: all }]),
        ...clients.map(({ id, name, sipDomain }) => ({ value: id, text: `${name} (${sipDomain})` })),
      ]}
    />
  )
}

/** A button for a file, which is taken as soon as it is chosen. */
export function FileButton({
  label,
  accept,
  take,
}: {
  label: string
  accept: string
  take(file: File): void
}) {
  return (
    <label class="button">
      {label}
      <input
        class="unseen"
        type="file"
        accept={accept}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          currentTarget.value = ''
          if (file) take(file)
        }}
      />
    </label>
  )
}

/** A secret that is shown this once, with a button that copies it. */
export function ShownOnce({ name, text, secret }: { name: string; text: string; secret: string }) {
  const { texts } = useConsole()
  const [isCopied, setCopied] = useState(false)
  return (
    <Card title={name}>
      <p>{text}</p>
      <div class="secret">
        <span class="code">{secret}</span>
        <button
          type="button"
          onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}
        >
          {texts.copy}
        </button>
        <span role="status">{isCopied && texts.copied}</span>
      </div>
    </Card>
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
  act(values: Record<string, string>, ifMatch: IfMatch): Promise<unknown>
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
            send={async (values, ifMatch) => {
              await act(values, ifMatch)
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
  send(values: Record<string, string>, ifMatch: IfMatch): Promise<unknown>
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
            send={async (values, ifMatch) => {
              await send(values, ifMatch)
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

/** The same for something that is there: it is loaded when the form opens, so that nobody's change is lost unseen. */
export function EditDialog<Row>({
  title,
  load,
  save,
  children,
}: {
  title: string
  load(signal: AbortSignal): Promise<{ answer: Row; etag: string }>
  save(values: Record<string, string>, headers: Record<string, string>): Promise<unknown>
  children(row: Row): ComponentChildren
}) {
  const { words } = useLocale()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {words.edit}
      </button>
      {isOpen && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          <LoadedForm load={load} save={save} onSaved={() => setOpen(false)}>
            {children}
          </LoadedForm>
        </Dialog>
      )}
    </>
  )
}

function LoadedForm<Row>({
  load,
  save,
  onSaved,
  children,
}: Pick<Parameters<typeof EditDialog<Row>>[0], 'load' | 'save' | 'children'> & { onSaved(): void }) {
  const { words } = useLocale()
  const { data, error, reload } = useData('edited', load)
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  return (
    <Form
      send={async (values, ifMatch) => {
        await save(values, ifMatch(data.etag))
        onSaved()
      }}
    >
      {children(data.answer)}
      <SubmitButton>{words.save}</SubmitButton>
    </Form>
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

const week = [1, 2, 3, 4, 5, 6, 7]

/** Days of the week as ticks, which `readDays` reads; null: every day. */
export function DaysField({ days }: { days: readonly number[] | null }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  return (
    <fieldset class="wide">
      <legend>{texts.days}</legend>
      <div class="checks">
        {week.map((day) => (
          <CheckField
            key={day}
            name={`day-${day}`}
            label={format.weekday(day)}
            isOn={(days ?? week).includes(day)}
          />
        ))}
      </div>
    </fieldset>
  )
}

export function readDays(values: Record<string, string>): number[] | null {
  const chosen = week.filter((day) => values[`day-${day}`] === 'on')
  return chosen.length === 7 ? null : chosen
}

/** What a filter leaves out is not asked for. */
export function withoutEmpty(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}

/** An empty field takes a setting away. */
export const orNull = (value: string | undefined) => value?.trim() || null
