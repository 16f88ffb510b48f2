/**
 * Forms: fields with label, hint and fault, and a form that sends once and shows what the API refused at the field that
 * its pointer names.
 */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useId, useRef, useState } from 'preact/hooks'
import { TollgateProblem } from './api.ts'
import { useLocale } from './locale.tsx'

interface FormState {
  /** Field name → what is wrong with it. */
  faults: Readonly<Record<string, string>>
  isSending: boolean
}

/**
 * Headers by which what was loaded under this ETag is saved only if nobody else has changed it since. None where whoever
 * was told of that saves all the same.
 */
export type IfMatch = (etag: string) => Record<string, string>

/** What a form has for `send` beside its values. */
export interface Sending {
  form: HTMLFormElement
  /** The header by which values that are sent again, as where the answer was lost, are booked once. */
  once: { 'idempotency-key': string }
}

const FormContext = createContext<FormState>({ faults: {}, isSending: false })

export function Form({
  send,
  children,
  done,
  explain,
  class: className,
}: {
  /** The values by the names of the fields, with that of the button. */
  send(values: Record<string, string>, ifMatch: IfMatch, sending: Sending): Promise<unknown>
  children: ComponentChildren
  /** Shown when it was sent. */
  done?: string
  /** Words of our own for a refusal; undefined: the API's. */
  explain?(problem: TollgateProblem): string | undefined
  class?: string
}) {
  const { words } = useLocale()
  const [state, setState] = useState<FormState>({ faults: {}, isSending: false })
  const [said, setSaid] = useState<{ text: string; isBad: boolean; sendAnyway?: () => void }>()
  const attempt = useRef<{ values: string; key: string } | undefined>(undefined)

  async function submit(form: HTMLFormElement, sent: FormData, ifMatch: IfMatch): Promise<void> {
    if (state.isSending) return
    setSaid(undefined)
    setState({ faults: {}, isSending: true })
    try {
      const values = Object.fromEntries(
        [...sent].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
      )
      const text = JSON.stringify(values)
      if (attempt.current?.values !== text) attempt.current = { values: text, key: crypto.randomUUID() }
      await send(values, ifMatch, { form, once: { 'idempotency-key': attempt.current.key } })
      attempt.current = undefined
      setState({ faults: {}, isSending: false })
      if (done) setSaid({ text: done, isBad: false })
    } catch (error) {
      const faults: Record<string, string> = {}
      let text = error instanceof Error ? error.message : words.failed
      if (error instanceof TollgateProblem) {
        text = explain?.(error) ?? error.message
        for (const { pointer, detail } of error.errors) {
          const [name = '', field, ...deeper] = pointer.split('/').slice(1)
          faults[name] = detail
          // A field of an object, such as `/invoiceData/taxId`; one of a list has no name of its own.
          if (field !== undefined && deeper.length === 0 && !/^\d+$/.test(field)) faults[field] = detail
        }
      } else if (error instanceof TypeError) text = words.notSent
      setState({ faults, isSending: false })
      if (error instanceof TollgateProblem && error.status === 412) {
        const sendAnyway = () => void submit(form, sent, () => ({}))
        setSaid({ text: words.changedMeanwhile, isBad: true, sendAnyway })
      } else setSaid({ text, isBad: true })
    }
  }

  return (
    <FormContext.Provider value={state}>
      <form
        class={className ?? 'form'}
        onSubmit={(event) => {
          event.preventDefault()
          const { currentTarget: form, submitter } = event
          const sent = new FormData(form, submitter)
          void submit(form, sent, (etag) => (etag ? { 'if-match': etag } : {}))
        }}
      >
        {children}
        <p class={said ? `notice ${said.isBad ? 'bad' : 'good'}` : 'unseen'} role="status">
          {said?.text}
        </p>
        {said?.sendAnyway && (
          <div class="buttons">
            <button type="button" onClick={() => location.reload()}>
              {words.loadAnew}
            </button>
            <button type="button" onClick={said.sendAnyway}>
              {words.saveAnyway}
            </button>
          </div>
        )}
      </form>
    </FormContext.Provider>
  )
}

interface FieldTexts {
  name: string
  label: string
  hint?: string | undefined
}

interface InputAttributes {
  type?: 'text' | 'password' | 'email' | 'date' | 'datetime-local' | 'url'
  value?: string
  required?: boolean
  autocomplete?: string
  inputMode?: 'text' | 'tel' | 'decimal'
  minLength?: number
  maxLength?: number
  pattern?: string
}

/** `value`: at first; what is typed stays whatever is shown anew around it. */
export function TextField({ name, label, hint, value, ...input }: FieldTexts & InputAttributes) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(attributes) => (
        // The types of Preact tell inputs apart by a type that is written out.
        <input
          {...({
            type: 'text',
            defaultValue: value,
            ...input,
            ...attributes,
          } as preact.InputHTMLAttributes<HTMLInputElement>)}
        />
      )}
    </Field>
  )
}

export function TextAreaField({ name, label, hint, value }: FieldTexts & { value?: string }) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(attributes) => <textarea {...attributes} defaultValue={value ?? ''} />}
    </Field>
  )
}

export function SelectField({
  name,
  label,
  hint,
  options,
  value,
  onChange,
}: FieldTexts & {
  options: readonly { value: string; text: string }[]
  value?: string
  onChange?: (value: string) => void
}) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(attributes) => (
        <select
          {...attributes}
          {...(onChange && { value })}
          onChange={(event) => onChange?.(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function Field({
  name,
  label,
  hint,
  children,
}: FieldTexts & {
  children(attributes: {
    id: string
    name: string
    'aria-describedby'?: string
    'aria-invalid'?: 'true'
  }): ComponentChildren
}) {
  const id = useId()
  const { faults } = useContext(FormContext)
  const fault = faults[name]
  const note = fault ?? hint
  return (
    <div class={fault ? 'field faulty' : 'field'}>
      <label for={id}>{label}</label>
      {children({
        id,
        name,
        ...(note && { 'aria-describedby': `${id}-note` }),
        ...(fault && { 'aria-invalid': 'true' as const }),
      })}
      {note && (
        <small id={`${id}-note`} class={fault ? 'fault' : 'hint'}>
          {note}
        </small>
      )}
    </div>
  )
}

/** `intent`: of a form that can be sent for more than one end, under this name among the values. */
export function SubmitButton({
  children,
  intent,
  isPrimary = true,
}: {
  children: ComponentChildren
  intent?: string
  isPrimary?: boolean
}) {
  const { isSending } = useContext(FormContext)
  return (
    <button
      type="submit"
      class={isPrimary ? 'primary' : undefined}
      disabled={isSending}
      {...(intent && { name: 'intent', value: intent })}
    >
      {children}
    </button>
  )
}
