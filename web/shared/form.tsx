/**
 * Forms: fields with label, hint and fault, and a form that sends once and shows what the API refused at the field that
 * its pointer names.
 */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useId, useState } from 'preact/hooks'
import { TollgateProblem } from './api.ts'
import { useLocale } from './locale.tsx'

interface FormState {
  /** Field name → what is wrong with it. */
  faults: Readonly<Record<string, string>>
  isSending: boolean
}

const FormContext = createContext<FormState>({ faults: {}, isSending: false })

export function Form({
  send,
  children,
  done,
  explain,
  class: className,
}: {
  /** The values by the names of the fields. */
  send(values: Record<string, string>, form: HTMLFormElement): Promise<unknown>
  children: ComponentChildren
  /** Shown when it was sent. */
  done?: string
  /** Words of our own for a refusal; undefined: the API's. */
  explain?(problem: TollgateProblem): string | undefined
  class?: string
}) {
  const { words } = useLocale()
  const [state, setState] = useState<FormState>({ faults: {}, isSending: false })
  const [said, setSaid] = useState<{ text: string; isBad: boolean }>()

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    if (state.isSending) return
    setSaid(undefined)
    setState({ faults: {}, isSending: true })
    try {
      const values = Object.fromEntries(
        [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
      )
      await send(values, form)
      setState({ faults: {}, isSending: false })
      if (done) setSaid({ text: done, isBad: false })
    } catch (error) {
      const faults: Record<string, string> = {}
      let text = error instanceof Error ? error.message : words.failed
      if (error instanceof TollgateProblem) {
        text = explain?.(error) ?? error.message
        for (const { pointer, detail } of error.errors) faults[pointer.split('/')[1] ?? ''] = detail
      } else if (error instanceof TypeError) text = words.connectionLost
      setState({ faults, isSending: false })
      setSaid({ text, isBad: true })
    }
  }

  return (
    <FormContext.Provider value={state}>
      <form class={className ?? 'form'} onSubmit={submit} noValidate={false}>
        {children}
        <p class={said ? `notice ${said.isBad ? 'bad' : 'good'}` : 'unseen'} role="status">
          {said?.text}
        </p>
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
  type?: 'text' | 'password' | 'email' | 'date'
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

export function SubmitButton({ children }: { children: ComponentChildren }) {
  const { isSending } = useContext(FormContext)
  return (
    <button type="submit" class="primary" disabled={isSending}>
      {children}
    </button>
  )
}
