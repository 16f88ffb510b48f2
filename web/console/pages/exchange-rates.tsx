/**
 * Exchange rates, by which costs of carriers and amounts of guards become a client's currency; by hand or from a file.
 */
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import { BrandField, FileButton, withoutEmpty } from '../parts.tsx'

type Rate = Answer<'GET /v1/exchange-rates'>['data'][number]

export function ExchangeRatesPage() {
  const { words, format } = useLocale()
  const { texts, may, me, brandId } = useConsole()
  const { query, url, route } = useLocation()
  const [taken, setTaken] = useState<Answer<'POST /v1/exchange-rates/imports'>>()
  const [error, setError] = useState<Error>()
  const { data: brands } = useData(brandId === null ? 'brands' : null, (signal) =>
    api('GET /v1/brands', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const of = brandId ?? query.brandId ?? brands?.data[0]?.id
  const rates = usePages<Rate>(of ? `rates ${url} ${of}` : null, (cursor, signal) =>
    api('GET /v1/exchange-rates', {
      query: {
        ...(of && { brandId: of }),
        ...(query.base && { base: query.base }),
        ...(query.quote && { quote: query.quote }),
        ...(cursor && { cursor }),
      },
      signal,
    }),
  )
  async function take(file: File): Promise<void> {
    setTaken(undefined)
    setError(undefined)
    const isXml = /\.xml$/i.test(file.name)
    try {
      const result = await api('POST /v1/exchange-rates/imports', {
        query: of ? { brandId: of } : {},
        body: file,
        headers: { 'content-type': isXml ? 'application/xml' : 'text/csv' },
      })
      setTaken(result)
      rates.reload()
    } catch (failure) {
      setError(failure as Error)
    }
  }
  return (
    <>
      <Heading
        actions={
          may('exchange-rates', 'c') && (
            <>
              <FileButton
                label={texts.fromFile}
                accept=".csv,.xml,text/csv,text/xml"
                take={(file) => void take(file)}
              />
              <FormDialog
                label={texts.addExchangeRate}
                isPrimary
                submit={words.add}
                send={async ({ base = '', quote = '', rate = '', validFrom, brandId: chosen }) => {
                  await api('POST /v1/exchange-rates', {
                    body: {
                      base: base.toUpperCase(),
                      quote: quote.toUpperCase(),
                      rate: rate.trim().replace(',', '.'),
                      validFrom: validFrom ? `${validFrom}T00:00:00Z` : new Date().toISOString(),
                      ...(chosen && { brandId: chosen }),
                    },
                  })
                  rates.reload()
                }}
              >
                <BrandField />
                <TextField name="base" label={texts.baseCurrency} maxLength={3} required />
                <TextField
                  name="quote"
                  label={texts.quoteCurrency}
                  value={me.brand?.currency ?? ''}
                  maxLength={3}
                  required
                />
                <TextField
                  name="rate"
                  label={texts.exchangeRate}
                  hint={texts.exchangeRateHint}
                  inputMode="decimal"
                  pattern="[0-9]+([.,][0-9]+)?"
                  required
                />
                <TextField name="validFrom" label={texts.activatesAt} hint={texts.instantHint} type="date" />
              </FormDialog>
            </>
          )
        }
      >
        {texts.exchangeRates}
      </Heading>
      <p class="muted">{texts.exchangeRatesText}</p>
      {error && <Failure error={error} />}
      {taken && (
        <p class="notice good" role="status">
          {`${texts.summary.added}: ${format.whole(taken.added)} · ${texts.summary.changed}: ${format.whole(taken.changed)} · ${texts.summary.unchanged}: ${format.whole(taken.unchanged)}`}
        </p>
      )}
      <Form
        key={url}
        class="filters"
        send={async ({ base = '', quote = '', brandId: chosen }) => {
          const wanted = withoutEmpty({
            base: base.toUpperCase(),
            quote: quote.toUpperCase(),
            brandId: chosen,
          })
          route(`/console/exchange-rates?${new URLSearchParams(wanted)}`)
        }}
      >
        <BrandField value={of} />
        <TextField name="base" label={texts.baseCurrency} value={query.base ?? ''} maxLength={3} />
        <TextField name="quote" label={texts.quoteCurrency} value={query.quote ?? ''} maxLength={3} />
        <div class="buttons">
          <SubmitButton>{words.filter}</SubmitButton>
        </div>
      </Form>
      <PagedTable
        caption={texts.exchangeRates}
        empty={texts.noExchangeRates}
        pages={rates}
        keyOf={({ id }) => id}
        columns={[
          { name: texts.pair, isTitle: true, cell: ({ base, quote }) => `${base} → ${quote}` },
          {
            name: texts.exchangeRate,
            isFigure: true,
            isCorner: true,
            cell: ({ rate }) => format.decimal(rate),
          },
          { name: texts.activatesAt, isShort: true, cell: ({ validFrom }) => format.instant(validFrom) },
          {
            name: words.remove,
            isActions: true,
            cell: ({ id, base, quote }) =>
              may('exchange-rates', 'd') && (
                <AskFirst
                  label={words.remove}
                  question={`${base} → ${quote}`}
                  isDanger
                  act={async () => {
                    await api('DELETE /v1/exchange-rates/{id}', { params: { id } })
                    rates.reload()
                  }}
                />
              ),
          },
        ]}
      />
    </>
  )
}
