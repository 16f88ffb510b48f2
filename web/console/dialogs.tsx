/**
 * Buttons that open a dialog: a question before something is done for good, a form, and a form of what is there already.
 */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../shared/dialog.tsx'
import { Form, type IfMatch, type Sending, SubmitButton } from '../shared/form.tsx'
import { useLocale } from '../shared/locale.tsx'
import { Failure, Loading } from '../shared/table.tsx'
import { useData } from '../shared/use-data.ts'

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
  act(values: Record<string, string>, ifMatch: IfMatch, sending: Sending): Promise<unknown>
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
            send={async (values, ifMatch, sending) => {
              await act(values, ifMatch, sending)
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
  send(values: Record<string, string>, ifMatch: IfMatch, sending: Sending): Promise<unknown>
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
            send={async (values, ifMatch, sending) => {
              await send(values, ifMatch, sending)
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
  label,
  submit,
  isDanger = false,
  load,
  save,
  children,
}: {
  title: string
  /** Of the button, and of the one that sends; left out: Edit, and Save. */
  label?: string
  submit?: string
  isDanger?: boolean
  load(signal: AbortSignal): Promise<{ answer: Row; etag: string }>
  save(values: Record<string, string>, headers: Record<string, string>): Promise<unknown>
  children(row: Row): ComponentChildren
}) {
  const { words } = useLocale()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" class={isDanger ? 'danger' : undefined} onClick={() => setOpen(true)}>
        {label ?? words.edit}
      </button>
      {isOpen && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          <LoadedForm load={load} save={save} submit={submit ?? words.save} onSaved={() => setOpen(false)}>
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
  submit,
  onSaved,
  children,
}: Pick<Parameters<typeof EditDialog<Row>>[0], 'load' | 'save' | 'children'> & {
  submit: string
  onSaved(): void
}) {
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
      <SubmitButton>{submit}</SubmitButton>
    </Form>
  )
}
