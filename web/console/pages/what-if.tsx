/**
 * What would calls of the past have come to by another plan, or at another carrier? By the newest versions, also those that hold
 * later: a deck is tried before it is sold. Nothing is written.
 */
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { addDecimals, isPositive } from '../../shared/decimal.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { addDays, maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { ClientField } from '../client-field.tsx'
import { useConsole } from '../console.tsx'

/** What the lines of the answer hold. */
interface Result {
  calls: number
  otherCurrency: number
  sums: {
    destination: string
    currency: string
    calls: number
    seconds: number
    before: string
    after: string
    difference: string
    notPriced: number
  }[]
}

const spanDays = 30
const shownSums = 200

export function WhatIfPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { query } = useLocation()
  const [done, setDone] = useState<number>()
  const [result, setResult] = useState<Result>()
  const tariffs = useData('tariffs to try', async (signal) => {
    const all = { query: { limit: 500, sort: 'name' as const }, signal }
    const none = Promise.resolve({ data: [] })
    const [plans, carriers] = await Promise.all([
      api('GET /v1/rating-plans', all),
      may('carriers') ? api('GET /v1/carriers', all) : none,
    ])
    return [
      ...plans.data.map(({ id, name }) => ({ value: `plan ${id}`, text: `${texts.plan}: ${name}` })),
      ...carriers.data.map(({ id, name }) => ({ value: `carrier ${id}`, text: `${texts.carrier}: ${name}` })),
    ]
  })
  if (!tariffs.data) return <Loading />
  const today = format.today()
  const chosen = query.carrierId
    ? `carrier ${query.carrierId}`
    : query.ratingPlanId
      ? `plan ${query.ratingPlanId}`
      : ''
  const ask = async ({ tariff = '', clientId = '', from = '', last = '' }: Record<string, string>) => {
    setResult(undefined)
    setDone(0)
    const [kind, id] = tariff.split(' ')
    const supposed = kind === 'carrier' ? { carrierId: id ?? '' } : { ratingPlanId: id ?? '' }
    const span = { from, to: addDays(last, 1) }
    try {
      const response = await api('POST /v1/what-if', {
        body: { ...supposed, ...span, ...(clientId && { clientId }) },
      })
      for await (const line of readLines(response)) {
        if ('result' in line) setResult(line.result)
        else setDone(line.callsDone)
      }
    } finally {
      setDone(undefined)
    }
  }
  return (
    <>
      <Heading>{texts.whatIf}</Heading>
      <Card title={texts.whatIfTitle}>
        <p class="muted">{texts.whatIfText}</p>
        <Form class="form two-columns" send={ask}>
          <SelectField name="tariff" label={texts.tryTariff} value={chosen} options={tariffs.data} />
          <ClientField value={query.clientId} all={texts.everyClient} />
          <TextField
            name="from"
            label={words.fromDay}
            type="date"
            value={addDays(today, 1 - spanDays)}
            required
          />
          <TextField name="last" label={words.toDay} type="date" value={today} required />
          <div class="buttons wide">
            <SubmitButton>{texts.compute}</SubmitButton>
          </div>
        </Form>
      </Card>
      {done !== undefined && (
        <p class="empty" role="status" aria-busy="true">
          {texts.callsDone(format.whole(done))}
        </p>
      )}
      {result && <Difference result={result} />}
    </>
  )
}

function Difference({ result }: { result: Result }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { sums, calls, otherCurrency } = result
  const shown = sums.slice(0, shownSums)
  const decimals = maxDecimals(shown.flatMap(({ before, after, difference }) => [before, after, difference]))
  const totals = [...new Set(sums.map(({ currency }) => currency))].map((currency) => {
    const rows = sums.filter((sum) => sum.currency === currency)
    const total = (field: 'before' | 'after' | 'difference') => addDecimals(rows.map((row) => row[field]))
    return { currency, before: total('before'), after: total('after'), difference: total('difference') }
  })
  const notPriced = sums.reduce((sum, row) => sum + row.notPriced, 0)
  return (
    <>
      <div class="cards">
        {totals.map(({ currency, before, after, difference }) => (
          <Card key={currency} title={texts.difference}>
            <p class="big">
              {isPositive(difference) && '+'}
              {format.money(difference, currency)}
            </p>
            <Facts
              facts={[
                [texts.before, format.money(before, currency)],
                [texts.after, format.money(after, currency)],
              ]}
            />
          </Card>
        ))}
        <Card title={words.calls}>
          <p class="big">{format.whole(calls)}</p>
          <Facts
            facts={[
              [texts.notPricedCalls, format.whole(notPriced)],
              otherCurrency > 0 ? [texts.otherCurrencyCalls, format.whole(otherCurrency)] : null,
            ]}
          />
        </Card>
      </div>
      <Table
        caption={texts.difference}
        empty={words.nothingHere}
        rows={shown}
        keyOf={({ destination, currency }) => `${destination} ${currency}`}
        columns={[
          { name: words.destination, isTitle: true, cell: ({ destination }) => destination || '–' },
          { name: words.calls, isFigure: true, cell: (row) => format.whole(row.calls) },
          {
            name: words.talkTime,
            isFigure: true,
            isDetail: true,
            cell: ({ seconds }) => format.duration(seconds),
          },
          {
            name: texts.before,
            isFigure: true,
            cell: ({ before, currency }) => format.money(before, currency, decimals),
          },
          {
            name: texts.after,
            isFigure: true,
            cell: ({ after, currency }) => format.money(after, currency, decimals),
          },
          {
            name: texts.difference,
            isFigure: true,
            isCorner: true,
            cell: ({ difference, currency }) => format.money(difference, currency, decimals),
          },
          {
            name: texts.notPricedCalls,
            isFigure: true,
            cell: (row) => row.notPriced > 0 && format.whole(row.notPriced),
          },
        ]}
      />
    </>
  )
}

/** Newline-delimited JSON as it comes. */
async function* readLines(response: Response): AsyncGenerator<{ callsDone: number } | { result: Result }> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return
  for (let rest = ''; ; ) {
    const { value, done } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line) yield JSON.parse(line)
    if (done) return
  }
}
