/**
 * Fields that several pages of the console have in common, and what is made of their values.
 */
import { useState } from 'preact/hooks'
import { api } from '../shared/api.ts'
import { SelectField } from '../shared/form.tsx'
import { Card } from '../shared/layout.tsx'
import { useLocale } from '../shared/locale.tsx'
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
