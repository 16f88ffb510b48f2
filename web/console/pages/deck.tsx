/**
 * One deck: its rates, found by prefix, its versions, and the import of a sheet.
 */
import { useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { ImportSheet } from './deck-import.tsx'
import { Versions } from './deck-versions.tsx'

type Rate = Answer<'GET /v1/rate-decks/{id}/rates'>['data'][number]

export function DeckPage() {
  const { words, language } = useLocale()
  const { texts, may } = useConsole()
  const id = useRoute().params.id ?? ''
  const [version, setVersion] = useState(0)
  const {
    data: deck,
    error,
    reload,
  } = useData(`deck ${id}`, (signal) => api('GET /v1/rate-decks/{id}', { params: { id }, signal }))
  if (error) return <Failure error={error} retry={reload} />
  if (!deck) return <Loading />
  return (
    <>
      <Heading
        actions={
          may('rates') && (
            <>
              {may('what-if') && (
                <a class="button" href="/console/what-if">
                  {texts.whatIf}
                </a>
              )}
              <a class="button" href={`/v1/rate-decks/${id}/rates.xlsx`} download>
                XLSX
              </a>
              <a
                class="button"
                href={`/v1/rate-decks/${id}/rates.csv?flavour=spreadsheet&locale=${language}`}
                download
              >
                CSV
              </a>
            </>
          )
        }
      >
        {deck.name}
      </Heading>
      <p>
        <a href="/console/decks">{words.back}</a> · <span class="muted">{deck.currency}</span>
      </p>
      {may('imports', 'c') && (
        <ImportSheet
          deckId={id}
          currency={deck.currency}
          onApplied={() => setVersion((before) => before + 1)}
        />
      )}
      <Rates key={`rates ${version}`} deckId={id} currency={deck.currency} />
      {may('rates') && (
        <Versions
          key={`versions ${version}`}
          deckId={id}
          onRestored={() => setVersion((before) => before + 1)}
        />
      )}
    </>
  )
}

function Rates({ deckId, currency }: { deckId: string; currency: string }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { query, url, route } = useLocation()
  const rates = usePages<Rate>(`rates ${url}`, (cursor, signal) =>
    api('GET /v1/rate-decks/{id}/rates', {
      params: { id: deckId },
      query: { ...(query.prefix && { prefix: query.prefix }), ...(cursor && { cursor }) },
      signal,
    }),
  )
  return (
    <>
      <Form
        key={url}
        class="filters"
        send={async ({ prefix = '' }) =>
          route(`/console/decks/${deckId}${prefix && `?prefix=${prefix.replace(/[^0-9*]/g, '')}`}`)
        }
      >
        <TextField name="prefix" label={texts.prefixBegins} value={query.prefix ?? ''} inputMode="tel" />
        <div class="buttons">
          <SubmitButton>{texts.search}</SubmitButton>
        </div>
      </Form>
      <PagedTable
        caption={texts.rates}
        empty={texts.noRates}
        pages={rates}
        keyOf={({ prefix }) => prefix}
        columns={[
          { name: words.destination, isTitle: true, cell: ({ destination }) => destination },
          { name: texts.prefix, isShort: true, cell: ({ prefix }) => prefix },
          {
            name: texts.ratePerMinute,
            isFigure: true,
            isCorner: true,
            cell: ({ steps, blocked }) =>
              blocked ? (
                <Badge tone="bad">{words.blocked}</Badge>
              ) : (
                describeRate(steps, currency, format, words)
              ),
          },
          {
            name: texts.increments,
            isShort: true,
            cell: ({ steps }) => steps.map(({ incrementSeconds }) => incrementSeconds).join(' / '),
          },
          {
            name: words.connectFee,
            isFigure: true,
            cell: ({ connectFee }) => connectFee !== '0' && format.money(connectFee, currency),
          },
        ]}
      />
    </>
  )
}

/** The first step's; another unit than a minute is told. */
function describeRate(
  [first]: Rate['steps'],
  currency: string,
  format: ReturnType<typeof useLocale>['format'],
  words: ReturnType<typeof useLocale>['words'],
) {
  if (!first) return null
  const price = format.money(first.rate, currency)
  return first.perSeconds === 60 ? price : `${price} ${words.perSeconds(format.whole(first.perSeconds))}`
}
