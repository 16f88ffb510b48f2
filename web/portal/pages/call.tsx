/**
 * One call: who, when, how long, and why it costs what it costs.
 */
import { useRoute } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PriceAsSum, readExplanation } from '../../shared/price-as-sum.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'
import { CallStatus } from './calls.tsx'

export function CallPage() {
  const { words, format } = useLocale()
  const { client } = usePortal()
  const callId = useRoute().params.callId ?? ''
  const { data, error, reload } = useData(`call ${callId}`, (signal) =>
    api('GET /v1/calls/{clientId}/{callId}', { params: { clientId: client.id, callId }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { from, to, destination, startedAt, answeredAt, endedAt, durationSeconds, billedSeconds } = data
  const { price, currency, labels, reason, explanation } = data
  const instant = (text: string | null) => (text === null ? '–' : format.instant(text))
  const parts = readExplanation(explanation)
  return (
    <>
      <Heading>{`${words.callDetails} · ${to}`}</Heading>
      <p>
        <a href="/portal/calls">{words.back}</a>
      </p>
      <div class="cards">
        <Card title={words.callDetails}>
          <Facts
            facts={[
              [words.status, <CallStatus key="status" call={data} />],
              reason === null ? null : [words.reason, words.reasons[reason]],
              [words.from, from ?? '–'],
              [words.to, to],
              destination === null ? null : [words.destination, destination],
              [words.started, instant(startedAt)],
              [words.answeredAt, instant(answeredAt)],
              [words.ended, instant(endedAt)],
              durationSeconds === null ? null : [words.duration, format.duration(durationSeconds)],
              billedSeconds === null ? null : [words.billed, format.duration(billedSeconds)],
              price && currency ? [words.price, format.money(price, currency)] : null,
              ...Object.entries(labels).map(([name, value]) => [name, value] as const),
              [
                'ID',
                <span key="id" class="code">
                  {callId}
                </span>,
              ],
            ]}
          />
        </Card>
        {parts && currency && (
          <Card title={words.why}>
            <PriceAsSum parts={parts} currency={currency} />
          </Card>
        )}
      </div>
    </>
  )
}
