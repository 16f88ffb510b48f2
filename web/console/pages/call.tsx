/**
 * One call of a client: what happened, why it costs what it costs, and what can be done about it.
 */
import { useRoute } from 'preact-iso'
import { CallStatus } from '../../portal/pages/calls.tsx'
import { api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PriceAsSum, readExplanation } from '../../shared/price-as-sum.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

export function CallPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { clientId = '', callId = '' } = useRoute().params
  const params = { clientId, callId }
  const { data, error, reload } = useData(`call ${clientId} ${callId}`, (signal) =>
    api('GET /v1/calls/{clientId}/{callId}', { params, signal }),
  )
  const client = useData(may('clients') ? `client ${clientId}` : null, (signal) =>
    api('GET /v1/clients/{id}', { params: { id: clientId }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { from, to, destination, startedAt, answeredAt, endedAt, durationSeconds, billedSeconds } = data
  const { price, currency, labels, reason, explanation, status, engine } = data
  const instant = (text: string | null) => (text === null ? '–' : format.instant(text))
  const reasons: Record<string, string> = texts.reasons
  const parts = readExplanation(explanation)
  return (
    <>
      <Heading
        actions={
          may('calls', 'u') && (
            <>
              {status === 'started' && (
                <AskFirst
                  label={texts.hangUp}
                  question={texts.hangUpText}
                  isDanger
                  act={async () => {
                    await api('POST /v1/calls/{clientId}/{callId}/hangup', { params })
                    reload()
                  }}
                />
              )}
              {status === 'rejected' && (
                <AskFirst
                  label={texts.makeFree}
                  question={texts.makeFreeReason}
                  act={async ({ reason = '' }) => {
                    await api('POST /v1/calls/{clientId}/{callId}/waive', { params, body: { reason } })
                    reload()
                  }}
                >
                  <TextField name="reason" label={words.reason} maxLength={255} required />
                </AskFirst>
              )}
            </>
          )
        }
      >
        {`${words.callDetails} · ${to}`}
      </Heading>
      <p>
        <a href="/console/calls">{words.back}</a>
      </p>
      <div class="cards">
        <Card title={words.callDetails}>
          <Facts
            facts={[
              [words.status, <CallStatus key="status" call={data} />],
              reason === null ? null : [words.reason, reasons[reason] ?? reason],
              [
                words.client,
                <a key="client" href={`/console/clients/${clientId}`}>
                  {client.data?.name ?? clientId}
                </a>,
              ],
              [words.from, from ?? '–'],
              [words.to, to],
              destination === null ? null : [words.destination, destination],
              [words.started, instant(startedAt)],
              [words.answeredAt, instant(answeredAt)],
              [words.ended, instant(endedAt)],
              durationSeconds === null ? null : [words.duration, format.duration(durationSeconds)],
              billedSeconds === null ? null : [words.billed, format.duration(billedSeconds)],
              price && currency ? [words.price, format.money(price, currency)] : null,
              engine === null ? null : [texts.engine, engine],
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
