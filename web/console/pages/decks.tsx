/**
 * Rate decks: rates in one currency, in versions.
 */
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { BrandField } from '../parts.tsx'

const modes = ['up', 'down', 'half-up', 'half-even'] as const

export function DecksPage() {
  const { words, format } = useLocale()
  const { texts, may, me } = useConsole()
  const { route } = useLocation()
  const decks = usePages('decks', (cursor, signal) =>
    api('GET /v1/rate-decks', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  return (
    <>
      <Heading
        actions={
          may('rate-decks', 'c') && (
            <FormDialog
              label={texts.addDeck}
              isPrimary
              submit={words.add}
              send={async ({ name = '', currency = '', mode, decimals, brandId }) => {
                const body = {
                  name,
                  currency: currency.toUpperCase(),
                  rounding: {
                    mode: modes.find((known) => known === mode) ?? 'up',
                    decimals: Number(decimals),
                  },
                  ...(brandId && { brandId }),
                }
                const { id } = await api('POST /v1/rate-decks', { body })
                route(`/console/decks/${id}`)
              }}
            >
              <BrandField />
              <TextField name="name" label={words.name} required />
              <TextField
                name="currency"
                label={texts.currency}
                value={me.brand?.currency ?? ''}
                maxLength={3}
                required
              />
              <SelectField
                name="mode"
                label={texts.rounding}
                options={modes.map((mode) => ({ value: mode, text: words.roundings[mode] }))}
              />
              <TextField name="decimals" label={texts.decimals} value="4" pattern="[0-6]" required />
            </FormDialog>
          )
        }
      >
        {texts.decks}
      </Heading>
      <PagedTable
        caption={texts.decks}
        empty={texts.noDecks}
        pages={decks}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => <a href={`/console/decks/${id}`}>{name}</a>,
          },
          { name: texts.currency, isCorner: true, cell: ({ currency }) => currency },
          {
            name: texts.rounding,
            cell: ({ rounding }) =>
              words.roundedTo(words.roundings[rounding?.mode ?? 'up'], format.whole(rounding?.decimals ?? 4)),
          },
          { name: texts.at, isShort: true, cell: ({ updatedAt }) => format.instant(updatedAt) },
        ]}
      />
    </>
  )
}
