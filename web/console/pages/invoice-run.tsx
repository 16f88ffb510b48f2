/**
 * Invoices of many clients at once: looked at one after another with warnings and totals, then made and issued, with how far it is.
 * Leaving the page ends a run behind the client that it is at; what was issued stays, and a next run goes on with the others.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Documents } from '../../portal/pages/invoices.tsx'
import { api } from '../../shared/api.ts'
import { addDecimals, isPositive } from '../../shared/decimal.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { addDays, maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import type { Client } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'
import { BrandField } from '../parts.tsx'
import { methods } from './clients.tsx'

type Terms = { numberSequenceId: string; from: string; to: string }

/** One client of the run. */
interface Item {
  client: Client
  state: 'seen' | 'empty' | 'refused' | 'issued'
  total: string
  currency: string
  warnings: number
  /** Of a refusal. */
  detail: string
  invoiceId: string | null
  number: string | null
}

interface Run {
  terms: Terms
  items: readonly Item[]
  /** How many clients are to be worked off, and how many are; null: nothing runs. */
  progress: { done: number; of: number } | null
}

export function InvoiceRunPage() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const [run, setRun] = useState<Run>()
  const stopped = useRef(false)
  useEffect(
    () => () => {
      stopped.current = true
    },
    [],
  )
  const series = useData('series', (signal) =>
    api('GET /v1/invoice-number-sequences', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (!series.data) return <Loading />
  const lastDay = addDays(`${format.today().slice(0, 7)}-01`, -1)

  /** Puts each client through `step`, one after another, so that calls do not wait for it. */
  async function work(
    terms: Terms,
    items: readonly Item[],
    chosen: readonly Item[],
    step: Step,
  ): Promise<void> {
    stopped.current = false
    let all = items
    for (const [done, item] of chosen.entries()) {
      if (stopped.current) break
      setRun({ terms, items: all, progress: { done, of: chosen.length } })
      const change = await step(item).catch(
        (error: Error): Partial<Item> => ({
          state: 'refused',
          detail: error.message,
        }),
      )
      all = all.map((other) => (other.client.id === item.client.id ? { ...other, ...change } : other))
    }
    setRun({ terms, items: all, progress: null })
  }

  async function preview({
    numberSequenceId = '',
    from = '',
    last = '',
    method,
    brandId,
  }: Record<string, string>) {
    const terms = { numberSequenceId, from, to: addDays(last, 1) }
    const items: Item[] = []
    const chosen = methods.find((known) => known === method)
    for await (const client of api.each('GET /v1/clients', {
      query: {
        ...{ limit: 500, sort: 'name' },
        ...(chosen && { billingMethod: chosen }),
        ...(brandId && { brandId }),
      },
    })) {
      const isInvoiced = client.features?.includes('invoices') ?? true
      if (!isInvoiced || client.billingMethod === 'none') continue
      const nothing = { total: '0', currency: client.currency ?? '', warnings: 0, detail: '' }
      items.push({ client, state: 'empty', ...nothing, invoiceId: null, number: null })
    }
    await work(terms, items, items, async ({ client }) => {
      const body = { ...terms, clientId: client.id }
      const { lines = [], total, currency, warnings = [] } = await api('POST /v1/invoices/preview', { body })
      return { state: lines.length > 0 ? 'seen' : 'empty', total, currency, warnings: warnings.length }
    })
  }

  async function issue({ terms, items }: Run) {
    const seen = items.filter(({ state }) => state === 'seen')
    await work(terms, items, seen, async ({ client }) => {
      const body = { ...terms, clientId: client.id }
      const { id } = await api('POST /v1/invoices', { body })
      // A draft that cannot be issued is left for whoever looks at it.
      const issued = await api('POST /v1/invoices/{id}/issue', { params: { id }, body: {} }).catch(
        (error: Error) => ({ detail: error.message }),
      )
      if ('detail' in issued) return { state: 'refused', detail: issued.detail, invoiceId: id }
      return { state: 'issued', invoiceId: id, number: issued.number, total: issued.total }
    })
  }

  return (
    <>
      <Heading>{texts.invoiceRun}</Heading>
      <p>
        <a href="/console/invoices">{words.back}</a>
      </p>
      {series.data.data.length === 0 && <p class="notice warn">{texts.noSeries}</p>}
      <Card title={texts.invoiceRun}>
        <p class="muted">{texts.invoiceRunText}</p>
        <Form class="form two-columns" send={preview}>
          <BrandField />
          <SelectField
            name="method"
            label={words.client}
            options={[
              { value: '', text: texts.everyClient },
              ...methods
                .filter((method) => method !== 'none')
                .map((method) => ({ value: method, text: texts.billingMethods[method] })),
            ]}
          />
          <SelectField
            name="numberSequenceId"
            label={texts.series}
            options={series.data.data.map(({ id, name }) => ({ value: id, text: name }))}
          />
          <TextField
            name="from"
            label={words.fromDay}
            type="date"
            value={`${lastDay.slice(0, 7)}-01`}
            required
          />
          <TextField name="last" label={words.toDay} type="date" value={lastDay} required />
          <div class="buttons wide">
            <SubmitButton>{texts.preview}</SubmitButton>
          </div>
        </Form>
      </Card>
      {run?.progress && (
        <Card
          title={texts.runProgress(format.whole(run.progress.done), format.whole(run.progress.of))}
          actions={
            <button
              type="button"
              onClick={() => {
                stopped.current = true
              }}
            >
              {texts.stopRun}
            </button>
          }
        >
          <progress aria-label={texts.invoiceRun} max={run.progress.of} value={run.progress.done} />
        </Card>
      )}
      {run && <Items run={run} onIssue={() => issue(run)} />}
    </>
  )
}

type Step = (item: Item) => Promise<Partial<Item>>

function Items({ run: { items, progress }, onIssue }: { run: Run; onIssue(): Promise<void> }) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const tones = { seen: undefined, empty: undefined, refused: 'bad', issued: 'good' } as const
  const seen = items.filter(({ state }) => state === 'seen')
  const counted = items.filter(({ state }) => state === 'seen' || state === 'issued')
  const currencies = [...new Set(counted.map(({ currency }) => currency))]
  const decimals = maxDecimals(counted.map(({ total }) => total))
  const shown = items.filter(({ state }) => state !== 'empty')
  const empty = items.length - shown.length
  return (
    <>
      <Card title={words.total}>
        {currencies.map((currency) => (
          <p key={currency} class="big">
            {format.money(
              addDecimals(counted.filter((item) => item.currency === currency).map(({ total }) => total)),
              currency,
            )}
          </p>
        ))}
        <Facts
          facts={[
            [texts.runStates.seen, format.whole(seen.length)],
            [texts.runStates.issued, format.whole(items.filter(({ state }) => state === 'issued').length)],
            [texts.runStates.refused, format.whole(items.filter(({ state }) => state === 'refused').length)],
            [texts.runStates.empty, format.whole(empty)],
          ]}
        />
        {progress === null && seen.length > 0 && may('invoices', 'c') && (
          <div class="buttons">
            <AskFirst
              label={texts.issueAll(format.whole(seen.length))}
              question={texts.issueText}
              act={async () => void onIssue()}
            />
          </div>
        )}
      </Card>
      <Table
        caption={texts.invoiceRun}
        empty={words.nothingHere}
        rows={shown}
        keyOf={({ client }) => client.id}
        columns={[
          {
            name: words.client,
            isTitle: true,
            cell: ({ client }) => <a href={`/console/clients/${client.id}`}>{client.name}</a>,
          },
          {
            name: words.invoice,
            cell: ({ invoiceId, number }) =>
              invoiceId && (
                <a href={`/console/invoices/${invoiceId}`}>{number ?? words.invoiceStatuses.draft}</a>
              ),
          },
          {
            name: texts.warnings,
            cell: ({ warnings }) => warnings > 0 && <Badge tone="warn">{format.whole(warnings)}</Badge>,
          },
          {
            name: words.status,
            cell: ({ state, detail }) => (
              <>
                <Badge tone={tones[state]}>{texts.runStates[state]}</Badge> {detail}
              </>
            ),
          },
          {
            name: words.total,
            isFigure: true,
            isCorner: true,
            cell: ({ total, currency, state }) =>
              state !== 'refused' && isPositive(total.replace('-', ''))
                ? format.money(total, currency, decimals)
                : '',
          },
          {
            name: words.download,
            cell: ({ invoiceId, state }) => state === 'issued' && invoiceId && <Documents id={invoiceId} />,
          },
        ]}
      />
    </>
  )
}
