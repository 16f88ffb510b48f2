/**
 * What is counted of calls, for `/metrics`: how authorizations and calls came out, and each state that should
 * make somebody look.
 */
import { Counter, Gauge, type Registry } from 'prom-client'
import { RowCounter, RowHistogram } from '../call-rate-metrics.ts'
import type { Log } from '../logging/log.ts'
import type { Call } from './call.ts'

/** What an authorization was decided by; `offline`: by the failure policy, while PostgreSQL did not answer. */
export type AuthorizationPath = 'memory' | 'lease' | 'database' | 'offline'

export interface CallMetrics {
  authorizations: RowCounter<'outcome' | 'reason' | 'path'>
  /** From the request to the answer. */
  authorizationSeconds: RowHistogram<'transport' | 'path'>
  /** Calls that are over, by status. */
  calls: Counter<'status'>
  conflicts: Counter
  deadLetters: Counter<'reason'>
  reservations: RowCounter<'action'>
  hangups: Counter<'reason'>
  guardsTripped: Counter<'action' | 'limit'>
  overruns: Counter
  offlineGrants: Counter<'recorded'>
  provisionallyUnanswered: Counter
  completedLate: Counter<'fact'>
  moved: Counter
  removed: Counter
  removedRecords: Counter<'kind'>
}

export function openCallMetrics(registry: Registry): CallMetrics {
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter<Label>({ name: `tollgate_${name}_total`, help, labelNames, registers: [registry] })
  return {
    authorizations: new RowCounter({
      name: 'tollgate_authorizations_total',
      help: 'Authorizations by outcome (granted, denied), reason, and what decided them: memory, lease, database, offline.',
      labelNames: ['outcome', 'reason', 'path'],
      registers: [registry],
    }),
    authorizationSeconds: new RowHistogram({
      name: 'tollgate_authorization_seconds',
      help: 'From a request for an authorization to its answer, by transport (http, nats) and what decided it.',
      labelNames: ['transport', 'path'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers: [registry],
    }),
    calls: counter(
      'calls',
      'Calls that are over: priced, unpriced, unanswered, rejected, expired (never started), lost-end (never ended).',
      ['status'],
    ),
    conflicts: counter('call_conflicts', 'Events that contradict an accepted half of their call.'),
    deadLetters: counter('dead_letters', 'Events that could not be applied.', ['reason']),
    reservations: new RowCounter({
      name: 'tollgate_reservations_total',
      help: 'Reservations reserved, extended, handed back and expired; what is left of them ended with their calls.',
      labelNames: ['action'],
      registers: [registry],
    }),
    hangups: counter('hangup_commands', 'Hang-up commands told, repeats included.', ['reason']),
    guardsTripped: counter(
      'guards_tripped',
      'Limits of spend guards that were reached, by what the guard does then.',
      ['action', 'limit'],
    ),
    overruns: counter('call_overruns', 'Calls that cost more than the balance and the credit covered.'),
    offlineGrants: counter('blind_grants', 'Legs granted while PostgreSQL did not answer.', ['recorded']),
    provisionallyUnanswered: counter(
      'calls_provisionally_unanswered',
      'Ends without an answer time whose answer did not come within 60 s.',
    ),
    completedLate: counter(
      'calls_completed_late',
      'Calls settled or closed before the fact that corrected them: an end after closing, an answer after 60 s.',
      ['fact'],
    ),
    moved: counter('moved_calls', 'Calls of months that are over, moved to the partition of their month.'),
    removed: counter('removed_calls', 'Calls whose details were removed after the retention of their brand.'),
    removedRecords: counter(
      'removed_records',
      'Dead letters, counts of denials, imports, conflicts and events of guards removed for their age.',
      ['kind'],
    ),
  }
}

/** What a committed batch of events has come to. */
export function countSettled(
  context: { metrics: CallMetrics; log: Log },
  batch: {
    lateFacts: readonly string[]
    conflicts: readonly { clientId: string; callId: string; half: string }[]
    deadLetters: readonly { reason: string }[]
  },
): void {
  const { metrics, log } = context
  metrics.conflicts.inc(batch.conflicts.length)
  if (batch.conflicts.length > 0) {
    const count = batch.conflicts.length
    const calls = batch.conflicts
      .slice(0, 10)
      .map(({ clientId, callId, half }) => ({ clientId, callId, half }))
    log.warn({ event: 'call_conflicts', count, calls }, 'events contradict accepted halves')
  }
  for (const fact of batch.lateFacts) metrics.completedLate.inc({ fact })
  for (const { reason } of batch.deadLetters) metrics.deadLetters.inc({ reason })
}

/** Calls that are over, whoever has ended them. Overruns are named: a counter alone does not say where to look. */
export function countOver(
  { metrics, log }: { metrics: CallMetrics; log: Log },
  calls: ReadonlySet<Call>,
): void {
  for (const { status } of calls) metrics.calls.inc({ status })
  const overruns = [...calls].filter(({ flags }) => flags.includes('overrun'))
  if (overruns.length === 0) return
  metrics.overruns.inc(overruns.length)
  log.warn(
    { event: 'call_overruns', calls: overruns.map(({ clientId, callId }) => ({ clientId, callId })) },
    'cost more than the balance and the credit covered',
  )
}

const oldGeoIpDays = 90

/** How old the country data are, always shown and warned of at the start: old ones move callers to other countries. */
export function watchGeoIpAge(
  registry: Registry,
  { builtAt, clock, log }: { builtAt: number; clock: () => number; log: Log },
): void {
  const ageDays = () => Math.floor((clock() - builtAt) / 86_400_000)
  new Gauge({
    name: 'tollgate_geoip_age_days',
    help: 'Age of the country data; refresh them before 90 days.',
    registers: [registry],
    collect() {
      this.set(ageDays())
    },
  })
  if (ageDays() > oldGeoIpDays) {
    const remedy = 'the country data are old: name a newer file in GEOIP_DB'
    log.warn({ event: 'geoip_old', ageDays: ageDays() }, remedy)
  }
}
