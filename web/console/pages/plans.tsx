/**
 * Rating plans: which decks price a call, and when.
 */
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { BrandField } from '../parts.tsx'

export function PlansPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const plans = usePages('plans', (cursor, signal) =>
    api('GET /v1/rating-plans', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  return (
    <>
      <Heading actions={may('rating-plans', 'c') && <AddPlan />}>{texts.plans}</Heading>
      <PagedTable
        caption={texts.plans}
        empty={texts.noPlans}
        pages={plans}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => <a href={`/console/plans/${id}`}>{name}</a>,
          },
          { name: texts.currency, isCorner: true, cell: ({ currency }) => currency },
          { name: texts.entries, isFigure: true, cell: ({ entries = [] }) => format.whole(entries.length) },
          { name: texts.version, isFigure: true, cell: ({ version }) => format.whole(version) },
          { name: texts.inForceSince, isShort: true, cell: ({ effectiveAt }) => format.instant(effectiveAt) },
          {
            name: texts.warnings,
            cell: ({ warnings = [] }) =>
              warnings.length > 0 && <Badge tone="warn">{format.whole(warnings.length)}</Badge>,
          },
        ]}
      />
    </>
  )
}

function AddPlan() {
  const { words } = useLocale()
  const { texts } = useConsole()
  const { route } = useLocation()
  const { data: decks } = useData('decks', (signal) =>
    api('GET /v1/rate-decks', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (!decks || decks.data.length === 0) return null
  return (
    <FormDialog
      label={texts.addPlan}
      isPrimary
      submit={words.add}
      send={async ({ name = '', rateDeckId = '', brandId }) => {
        const currency = decks.data.find(({ id }) => id === rateDeckId)?.currency ?? ''
        const body = { name, currency, entries: [{ rateDeckId }], ...(brandId && { brandId }) }
        const { id } = await api('POST /v1/rating-plans', { body })
        route(`/console/plans/${id}`)
      }}
    >
      <BrandField />
      <TextField name="name" label={words.name} required />
      <SelectField
        name="rateDeckId"
        label={texts.deck}
        options={decks.data.map(({ id, name, currency }) => ({ value: id, text: `${name} (${currency})` }))}
      />
    </FormDialog>
  )
}
