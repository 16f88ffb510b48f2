/**
 * Why would a call of this client to this number cost that, or have none, at any instant; and what would deny it now?
 */
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PriceAsSum, readExplanation } from '../../shared/price-as-sum.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { ClientField } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { withoutEmpty } from '../parts.tsx'

export function ExplainPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { query, route } = useLocation()
  const isAsked = Boolean(query.clientId && query.to)
  return (
    <>
      <Heading>{texts.explain}</Heading>
      <Card title={texts.explainTitle}>
        <Form
          key={JSON.stringify(query)}
          class="form two-columns"
          send={async ({ at, ...values }) => {
            const asked = withoutEmpty({ ...values, at: at && format.toInstant(at) })
            route(`/console/explain?${new URLSearchParams(asked)}`)
          }}
        >
          <ClientField value={query.clientId} />
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
            label={`${texts.instant} (${format.timeZone})`}
            hint={texts.instantHint}
            type="datetime-local"
            value={query.at ? format.toLocal(query.at) : ''}
          />
          <TextField
            name="sourceIp"
            label={texts.sourceIp}
            hint={texts.sourceIpHint}
            value={query.sourceIp ?? ''}
          />
          <div class="buttons wide">
            <SubmitButton>{texts.explainButton}</SubmitButton>
          </div>
        </Form>
      </Card>
      {isAsked && (
        <div class="cards">
          <Price query={query} />
          {may('authorization-checks') && <Checks query={query} />}
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
              data.ratingPlanId ? [words.tariff, <PlanLink key="plan" id={data.ratingPlanId} />] : null,
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

function PlanLink({ id }: { id: string }) {
  const { words } = useLocale()
  const { may } = useConsole()
  const { data } = useData(may('rating-plans') ? `plan ${id}` : null, (signal) =>
    api('GET /v1/rating-plans/{id}', { params: { id }, signal }),
  )
  return data ? <a href={`/console/plans/${id}`}>{data.name}</a> : <span>{words.tariff}</span>
}

/** Why it would be let through or refused at that instant, and what the limits stood at. */
function Checks({ query }: { query: Record<string, string> }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { data, error, reload } = useData(`checks ${JSON.stringify(query)}`, (signal) =>
    api('POST /v1/authorization-checks', {
      body: {
        clientId: query.clientId ?? '',
        to: query.to ?? '',
        ...(query.from && { from: query.from }),
        ...(query.sourceIp && { sourceIp: query.sourceIp }),
        ...(query.at && { at: query.at }),
      },
      signal,
    }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const money = (amount: string) => format.money(amount, data.currency)
  const ofLimit = (value: number, limit: number) =>
    limit === 0
      ? `${format.whole(value)} · ${texts.openLimit}`
      : `${format.whole(value)} / ${format.whole(limit)}`
  return (
    <Card title={texts.checksAt(format.instant(data.at))}>
      {data.allowed ? (
        <p class="notice good">
          {texts.letThrough}
          {data.maxDurationSeconds !== null &&
            ` · ${texts.forAtMost(format.duration(data.maxDurationSeconds))}`}
        </p>
      ) : (
        <p class="notice bad">
          {texts.denies}: {data.reason ? texts.reasons[data.reason] : ''}
        </p>
      )}
      {data.refusingGuards.map(({ id, name, refused }) => (
        <p key={id} class="notice warn">
          <a href={`/console/guards/${id}`}>{name}</a>: {texts.guardRefused(format.whole(refused))}
        </p>
      ))}
      <Facts
        facts={[
          data.firstIncrement === null ? null : [texts.firstIncrement, money(data.firstIncrement)],
          [words.available, data.available === null ? words.notLimited : money(data.available)],
          [
            words.spentToday,
            data.maxDailyUsage === null
              ? `${money(data.spentOfDay)} · ${texts.openLimit}`
              : `${money(data.spentOfDay)} ${words.ofLimit(money(data.maxDailyUsage))}`,
          ],
          data.limitReachedAt === null
            ? null
            : [texts.reasons.daily_limit_reached, format.instant(data.limitReachedAt)],
          [words.runningCalls, ofLimit(data.runningCalls, data.maxCalls)],
          data.brandRunningCalls === null || data.brandMaxCalls === 0
            ? null
            : [texts.brandCalls, ofLimit(data.brandRunningCalls, data.brandMaxCalls)],
          data.suspended
            ? [
                words.status,
                <Badge key="suspended" tone="bad">
                  {words.suspended}
                </Badge>,
              ]
            : null,
          data.filterByIp && !query.sourceIp ? [texts.filterByIp, texts.dependsOnAddress] : null,
        ]}
      />
      {query.at && <p class="muted">{texts.pastHint}</p>}
    </Card>
  )
}
