/**
 * What goes on now: calls, authorizations, money, and what needs a look; told by the service as it changes.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { followLive, useLive } from '../../shared/live.ts'
import { useLocale } from '../../shared/locale.tsx'
import { Loading } from '../../shared/table.tsx'
import { useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'

/** The data of the event `figures`. */
export interface Figures {
  talking: number
  ringing: number
  granted: number
  spentToday: { currency: string; amount: string }[]
  grantsToday: number
  denialsToday: { reason: string; count: number }[]
  deadLetters: number
  failedMails: number
  health: { ok: boolean; checks: Record<string, string>; details: Record<string, number> } | null
}

interface Fact {
  type: string
  subject: string
  time: string
  data: Record<string, unknown>
}

const shownFacts = 12

export function OverviewPage() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const figures = useLive<Figures>('figures')
  const perSecond = useRates(figures)
  if (!figures) {
    return (
      <>
        <Heading>{words.overview}</Heading>
        <Loading />
      </>
    )
  }
  const denied = figures.denialsToday.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <Heading>{words.overview}</Heading>
      <div class="figures">
        <Card title={texts.talking}>
          <p class="big">{format.whole(figures.talking)}</p>
          <p class="muted">
            {format.whole(figures.ringing)} {texts.ringing} · {format.whole(figures.granted)} {texts.granted}
          </p>
        </Card>
        <Card title={texts.authorizations}>
          <p class="big">
            {format.decimal(perSecond.toFixed(1))} <small>{texts.perSecond}</small>
          </p>
          <Facts
            facts={[
              [texts.grantedToday, format.whole(figures.grantsToday)],
              [texts.deniedToday, format.whole(denied)],
            ]}
          />
        </Card>
        <Card title={texts.spentByClients}>
          {figures.spentToday.length === 0 ? (
            <p class="big">–</p>
          ) : (
            figures.spentToday.map(({ currency, amount }) => (
              <p key={currency} class="big">
                {format.money(amount, currency)}
              </p>
            ))
          )}
        </Card>
      </div>
      <div class="cards">
        <Denials denials={figures.denialsToday} />
        <NotWell figures={figures} />
      </div>
      <LatestFacts />
    </>
  )
}

/** Authorizations a second, of the last half minute. */
function useRates(figures: Figures | undefined): number {
  const seen = useRef<{ at: number; total: number }[]>([])
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((before) => before + 1), 2000)
    return () => clearInterval(timer)
  }, [])
  if (!figures) return 0
  const now = Date.now()
  const total = figures.grantsToday + figures.denialsToday.reduce((sum, { count }) => sum + count, 0)
  const last = seen.current.at(-1)
  // A new day counts from 0.
  if (last && total < last.total) seen.current = []
  seen.current = [...seen.current.filter(({ at }) => at > now - 30_000), { at: now, total }]
  const first = seen.current[0]
  return first && now - first.at > 1000 ? ((total - first.total) * 1000) / (now - first.at) : 0
}

function Denials({ denials }: { denials: Figures['denialsToday'] }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  const names: Record<string, string> = texts.reasons
  const most = Math.max(1, ...denials.map(({ count }) => count))
  return (
    <Card title={texts.denialsByReason}>
      {denials.length === 0 ? (
        <p class="muted">{texts.noDenials}</p>
      ) : (
        <ul class="bars">
          {denials.map(({ reason, count }) => (
            <li key={reason}>
              <span class="line">
                <span>{names[reason] ?? reason}</span>
                <span>{format.whole(count)}</span>
              </span>
              <progress max={most} value={count} aria-label={names[reason] ?? reason} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function NotWell({ figures }: { figures: Figures }) {
  const { format } = useLocale()
  const { texts, may } = useConsole()
  const { deadLetters, failedMails, health } = figures
  const parts: Record<string, string> = texts.parts
  const faults = Object.entries(health?.checks ?? {}).filter(([, said]) => said !== 'ok')
  const lag = health?.details.outboxAgeSeconds ?? 0
  const isWell = deadLetters === 0 && failedMails === 0 && faults.length === 0 && lag < 5
  return (
    <Card title={texts.notWell} actions={isWell && <Badge tone="good">{texts.allWell}</Badge>}>
      <Facts
        facts={[
          ...faults.map(
            ([part, said]) =>
              [
                parts[part] ?? part,
                <Badge key={part} tone="bad">
                  {said}
                </Badge>,
              ] as const,
          ),
          may('dead-letters')
            ? [
                texts.waitingLetters,
                <a key="letters" href="/console/dead-letters">
                  {format.whole(deadLetters)}
                </a>,
              ]
            : null,
          may('mails')
            ? [
                texts.failedMails,
                <a key="mails" href="/console/mails?status=failed">
                  {format.whole(failedMails)}
                </a>,
              ]
            : null,
          health ? [texts.lag, format.duration(lag)] : null,
        ]}
      />
    </Card>
  )
}

function LatestFacts() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const [facts, setFacts] = useState<Fact[]>([])
  useEffect(
    () => followLive('fact', (fact) => setFacts((before) => [fact as Fact, ...before].slice(0, shownFacts))),
    [],
  )
  const nameClient = useClientNames(facts.map(({ subject }) => subject))
  const names: Record<string, string> = texts.facts
  const money = ({ price, amount, total, balance, currency }: Record<string, unknown>) => {
    const sum = price ?? total ?? balance ?? amount
    return typeof sum === 'string' && typeof currency === 'string' ? format.money(sum, currency) : ''
  }
  return (
    <Card title={texts.latestFacts} actions={<Badge>{words.live}</Badge>}>
      {facts.length === 0 ? (
        <p class="muted">{texts.noFacts}</p>
      ) : (
        <ul class="feed">
          {facts.map((fact) => (
            <li key={`${fact.time} ${fact.type} ${fact.subject} ${String(fact.data.callId ?? '')}`}>
              <span>
                {names[fact.type] ?? fact.type} <span class="muted">{nameClient(fact.subject)}</span>
              </span>
              <span>
                {money(fact.data)} <span class="muted">{format.time(fact.time)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
