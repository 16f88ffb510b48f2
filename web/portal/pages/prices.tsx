/**
 * What does a call to this number cost? By the tariff in force, with the whole price list beside.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { describeWindow } from '../../shared/price-as-sum.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'

type Price = Answer<'GET /v1/rating-plans/{id}/prices'>['prices'][number]

export function PricesPage() {
  const { words, language } = useLocale()
  const { client } = usePortal()
  const { query, route } = useLocation()
  const profiles = useData('profiles', (signal) =>
    api('GET /v1/clients/{clientId}/rating-profiles', {
      params: { clientId: client.id },
      query: { limit: 500 },
      signal,
    }),
  )
  if (profiles.error) return <Failure error={profiles.error} retry={profiles.reload} />
  if (!profiles.data) return <Loading />
  const now = Date.now()
  const inForce = profiles.data.data
    .filter(({ activatesAt }) => Date.parse(activatesAt) <= now)
    .sort((one, other) => Date.parse(other.activatesAt) - Date.parse(one.activatesAt))[0]
  return (
    <>
      <Heading
        actions={
          inForce && (
            <a
              href={`/v1/rating-plans/${inForce.ratingPlanId}/prices.csv?flavour=spreadsheet&locale=${language}`}
              download
            >
              {words.priceList}
            </a>
          )
        }
      >
        {words.prices}
      </Heading>
      {inForce ? (
        <>
          <Card title={words.priceOfNumber}>
            <Form
              key={query.number ?? ''}
              send={async ({ number = '' }) => {
                route(`/portal/prices?number=${encodeURIComponent(number.replace(/ /g, ''))}`)
              }}
            >
              <TextField
                name="number"
                label={words.number}
                hint={words.priceNumberHint}
                value={query.number ?? ''}
                inputMode="tel"
                pattern="\+?[0-9 ]+"
                maxLength={30}
                required
              />
              <SubmitButton>{words.look}</SubmitButton>
            </Form>
          </Card>
          {query.number && <PricesOfNumber planId={inForce.ratingPlanId} number={query.number} />}
          <p class="muted">
            {words.tariff}: {inForce.ratingPlanName}
          </p>
        </>
      ) : (
        <p class="empty">{words.noPlan}</p>
      )}
    </>
  )
}

function PricesOfNumber({ planId, number }: { planId: string; number: string }) {
  const { words } = useLocale()
  const { client } = usePortal()
  const { data, error, reload } = useData(`price ${planId} ${number}`, (signal) =>
    api('GET /v1/rating-plans/{id}/prices', {
      params: { id: planId },
      query: { number, timeZone: client.timeZone },
      signal,
    }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const [chosen, others] = [
    data.prices.filter((price) => price.chosen),
    // Of an entry that is open around the clock and not chosen nothing ever holds.
    data.prices.filter((price) => !price.chosen && !price.isOpen),
  ]
  if (chosen.length + others.length === 0) return <p class="notice">{words.noPrice}</p>
  return (
    <div class="cards">
      {[...chosen, ...others].map((price) => (
        <PriceCard
          key={`${price.rateDeckId} ${price.prefix} ${price.window.from}`}
          price={price}
          currency={data.currency}
        />
      ))}
    </div>
  )
}

function PriceCard({ price, currency }: { price: Price; currency: string }) {
  const { words, format } = useLocale()
  const { destination, prefix, steps, connectFee, minimumPrice, maximumPrice, blocked, window, chosen } =
    price
  const money = (amount: string) => format.money(amount, currency)
  const [first, next] = steps
  const isAlways = window.days === null && window.from === '00:00' && window.to === '24:00'
  return (
    <Card title={`${destination || prefix} (${prefix})`}>
      <p>
        <Badge tone={blocked ? 'bad' : chosen ? 'good' : undefined}>
          {blocked ? words.blocked : chosen ? words.holdsNow : words.holdsLater}
        </Badge>
      </p>
      {first && !blocked && (
        <>
          <p class="big">
            {money(first.rate)}{' '}
            <small>
              {first.perSeconds === 60 ? words.perMinute : words.perSeconds(format.whole(first.perSeconds))}
            </small>
          </p>
          <Facts
            facts={[
              [words.billed, describeSteps()],
              connectFee === '0' ? null : [words.connectFee, money(connectFee)],
              minimumPrice === null ? null : [words.minimumPrice, money(minimumPrice)],
              maximumPrice === null ? null : [words.maximumPrice, money(maximumPrice)],
              isAlways ? null : [words.time, describeWindow(window, { words, format })],
              ...steps
                .filter(({ rate, fromSecond }) => fromSecond > 0 && rate !== first.rate)
                .map(
                  ({ rate, perSeconds, fromSecond }) =>
                    [
                      words.rateFrom(format.whole(fromSecond)),
                      `${money(rate)} ${words.perSeconds(format.whole(perSeconds))}`,
                    ] as const,
                ),
            ]}
          />
        </>
      )}
    </Card>
  )

  function describeSteps(): string {
    const one = format.whole(first?.incrementSeconds ?? 1)
    const two = format.whole(next?.incrementSeconds ?? first?.incrementSeconds ?? 1)
    return one === two ? words.inEqualSteps(one) : words.inSteps(one, two)
  }
}
