/**
 * Why would a call of this client to this number cost that, or have none, at any instant; and what would deny it now?
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { isPositive } from '../../shared/decimal.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PriceAsSum, readExplanation } from '../../shared/price-as-sum.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { ClientField, useClients, withoutEmpty } from '../parts.tsx'

export function ExplainPage() {
  const { words } = useLocale()
  const { texts } = useConsole()
  const { query, route } = useLocation()
  const clients = useClients()
  if (clients.error) return <Failure error={clients.error} retry={clients.reload} />
  if (!clients.data) return <Loading />
  const isAsked = Boolean(query.clientId && query.to)
  return (
    <>
      <Heading>{texts.explain}</Heading>
      <Card title={texts.explainTitle}>
        <Form
          key={JSON.stringify(query)}
          class="form two-columns"
          send={async (values) => route(`/console/explain?${new URLSearchParams(withoutEmpty(values))}`)}
        >
          <ClientField clients={clients.data} value={query.clientId} />
          <TextField
            name="to"
            label={texts.calledNumber}
            hint={words.priceNumberHint}
            value={query.to ?? ''}
            inputMode="tel"
            required
          />
          <TextField name="from" label={texts.caller} value={query.from ?? ''} inputMode="tel" />
          <TextField
            name="seconds"
            label={texts.durationSeconds}
            value={query.seconds ?? '60'}
            pattern="[0-9]{1,7}"
            required
          />
          <TextField
            name="at"
            label={texts.instant}
            hint={`${texts.instantHint}; 2026-01-31T18:30:00Z`}
            value={query.at ?? ''}
          />
          <div class="buttons wide">
            <SubmitButton>{texts.explainButton}</SubmitButton>
          </div>
        </Form>
      </Card>
      {isAsked && (
        <div class="cards">
          <Price query={query} />
          <Checks clientId={query.clientId ?? ''} />
        </div>
      )}
    </>
  )
}

function Price({ query }: { query: Record<string, string> }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { data, error, reload } = useData(`explain ${JSON.stringify(query)}`, (signal) =>
    api('POST /v1/price-simulations', {
      body: {
        clientId: query.clientId ?? '',
        to: query.to ?? '',
        durationSeconds: Number(query.seconds ?? 60),
        ...(query.from && { from: query.from }),
        ...(query.at && { answeredAt: query.at }),
      },
      signal,
    }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const parts = readExplanation(data.explanation)
  return (
    <Card title={words.price}>
      {data.priced && data.price !== undefined && data.currency ? (
        <>
          <p class="big">{format.money(data.price, data.currency)}</p>
          {parts && <PriceAsSum parts={parts} currency={data.currency} />}
          <Facts
            facts={[
              [words.destination, data.destination ?? '–'],
              [texts.prefix, data.prefix ?? '–'],
              [words.billed, format.duration(data.billedSeconds ?? 0)],
              [
                words.tariff,
                <a key="plan" href={`/console/plans/${data.ratingPlanId}`}>
                  {words.tariff}
                </a>,
              ],
            ]}
          />
        </>
      ) : (
        <p class="notice bad">
          {texts.notPriced}: {data.reason ? texts.reasons[data.reason] : ''}
        </p>
      )}
      <details>
        <summary>{texts.considered}</summary>
        <pre>{JSON.stringify(data.explanation, null, 2)}</pre>
      </details>
    </Card>
  )
}

interface Check {
  reason: keyof ReturnType<typeof useConsole>['texts']['reasons']
  outcome: 'passes' | 'denies' | 'depends' | 'not-asked'
  because: string
}

/** As it stands now, in the order in which an authorization asks. */
function Checks({ clientId }: { clientId: string }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { data, error, reload } = useData(`checks ${clientId}`, async (signal) => {
    const params = { clientId }
    const [client, balance, usage, running] = await Promise.all([
      api('GET /v1/clients/{id}', { params: { id: clientId }, signal }),
      api('GET /v1/clients/{clientId}/balance', { params, signal }),
      api('GET /v1/clients/{clientId}/daily-usage', { params, signal }),
      api('GET /v1/clients/{clientId}/running-calls', { params, signal }),
    ])
    return { client, balance, usage, running: running.data.length }
  })
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const checks = listChecks(data, { words, format, texts })
  const tones = { passes: 'good', denies: 'bad', depends: 'warn', 'not-asked': undefined } as const
  const outcomes = {
    passes: texts.passes,
    denies: texts.denies,
    depends: texts.depends,
    'not-asked': texts.notAsked,
  }
  return (
    <Card title={texts.checks}>
      <Table
        caption={texts.checks}
        empty={words.nothingHere}
        rows={checks}
        keyOf={({ reason }) => reason}
        columns={[
          { name: texts.check, isTitle: true, cell: ({ reason }) => texts.reasons[reason] },
          { name: words.reason, cell: ({ because }) => because },
          {
            name: words.status,
            isCorner: true,
            cell: ({ outcome }) => <Badge tone={tones[outcome]}>{outcomes[outcome]}</Badge>,
          },
        ]}
      />
    </Card>
  )
}

function listChecks(
  {
    client,
    balance,
    usage,
    running,
  }: {
    client: Answer<'GET /v1/clients/{id}'>
    balance: Answer<'GET /v1/clients/{clientId}/balance'>
    usage: Answer<'GET /v1/clients/{clientId}/daily-usage'>
    running: number
  },
  {
    words,
    format,
    texts,
  }: Pick<ReturnType<typeof useLocale>, 'words' | 'format'> & Pick<ReturnType<typeof useConsole>, 'texts'>,
): Check[] {
  const { maxCalls = 0 } = client
  const money = (amount: string) => format.money(amount, balance.currency)
  const ofLimit =
    usage.limit === null ? texts.openLimit : `${money(usage.amount)} ${words.ofLimit(money(usage.limit))}`
  const countries = client.geoIpAllowedCountries ?? []
  return [
    {
      reason: 'client_suspended',
      outcome: client.suspended ? 'denies' : 'passes',
      because: client.suspended ? words.suspended : '',
    },
    {
      reason: 'ip_not_allowed',
      outcome: client.filterByIp ? 'depends' : 'not-asked',
      because: client.filterByIp ? [texts.dependsOnAddress, ...countries].join(' · ') : texts.openLimit,
    },
    {
      reason: 'max_calls_reached',
      outcome: maxCalls === 0 ? 'not-asked' : running >= maxCalls ? 'denies' : 'passes',
      because: maxCalls === 0 ? texts.openLimit : `${format.whole(running)} / ${format.whole(maxCalls)}`,
    },
    {
      reason: 'daily_limit_reached',
      outcome: usage.limit === null ? 'not-asked' : usage.limitReachedAt === null ? 'passes' : 'denies',
      because: ofLimit,
    },
    {
      reason: 'insufficient_balance',
      outcome: balance.available === null ? 'not-asked' : isPositive(balance.available) ? 'passes' : 'denies',
      because: balance.available === null ? texts.openLimit : money(balance.available),
    },
  ]
}
