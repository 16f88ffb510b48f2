/**
 * The statuses of a list to choose from. As a filter by itself the choice stands in the page's address, as `status`.
 */
import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { SelectField } from './form.tsx'
import { useLocale } from './locale.tsx'

/** What is chosen in the address; undefined: all, or one that the list does not know. */
export function useStatus<Status extends string>(statuses: readonly Status[]): Status | undefined {
  const { query } = useLocation()
  return statuses.find((known) => known === query.status)
}

interface Statuses<Status extends string> {
  statuses: readonly Status[]
  names: Readonly<Record<Status, string>>
  label?: string
}

/** One field among others of a form. */
export function StatusField<Status extends string>({
  statuses,
  names,
  label,
  onChange,
}: Statuses<Status> & { onChange?: (value: string) => void }) {
  const { words } = useLocale()
  const chosen = useStatus(statuses)
  return (
    <SelectField
      name="status"
      label={label ?? words.status}
      value={chosen ?? ''}
      options={[
        { value: '', text: words.all },
        ...statuses.map((status) => ({ value: status, text: names[status] })),
      ]}
      {...(onChange && { onChange })}
    />
  )
}

/** The only filter of a list: it shows what is chosen at once. */
export function StatusFilter<Status extends string>({
  children,
  ...statuses
}: Statuses<Status> & {
  /** Buttons beside it. */
  children?: ComponentChildren
}) {
  const { path, route } = useLocation()
  return (
    <div class="filters">
      <StatusField {...statuses} onChange={(status) => route(status ? `${path}?status=${status}` : path)} />
      {children && <div class="buttons">{children}</div>}
    </div>
  )
}
