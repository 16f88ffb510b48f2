/**
 * Instants at which a test lets this process die, fail or stand still, to see what a crash there leaves behind.
 *
 *     FAILPOINT=after_commit:3          SIGKILL at the third time
 *     FAILPOINT=after_lock:1:infra      a failure as of PostgreSQL's, once
 *     FAILPOINT=after_fold:1:content    a failure as of a bug, once
 *     FAILPOINT=commit_sent:2:pause     SIGSTOP
 *
 * Without FAILPOINT nothing is counted. It is taken with NODE_ENV=test alone; any other start with it is refused.
 */

export const failPoints = [
  // A batch of events, in the order of its steps.
  'after_fetch',
  'after_parse',
  'after_begin',
  'after_lock',
  'after_load',
  'after_fold',
  'after_calls',
  'after_movements',
  'after_usage',
  'after_outbox',
  'commit_sent',
  'after_commit',
  'ack_half',
  'after_acks',
  // Events settled one by one, and a batch given back.
  'one_after_begin',
  'one_after_commit',
  'one_after_ack',
  'nak_half',
  // Authorizations.
  'auth_collected',
  'auth_locked',
  'auth_written',
  'auth_committed',
  'auth_half_replied',
  // Running calls, and calls whose end never came.
  'meter_locked',
  'meter_before_commit',
  'meter_committed',
  'sweep_before_commit',
  'sweep_committed',
  // The issue of an invoice, and its mail.
  'inv_selected',
  'inv_lines',
  'inv_numbered',
  'inv_committed',
  'inv_mailed',
  // Facts on their way from the outbox to the broker.
  'relay_claimed',
  'relay_published',
  'relay_puback',
  'relay_marked',
] as const
export type FailPoint = (typeof failPoints)[number]
export type AtFailPoint = (name: FailPoint) => void

export interface TransactionFailPoints {
  begun?: FailPoint
  locked?: FailPoint
  loaded?: FailPoint
  decided?: FailPoint
  written: FailPoint
  committed: FailPoint
}

/** What a transaction of calls passes, by what it is for. */
export const transactionFailPoints = {
  settle: {
    begun: 'after_begin',
    locked: 'after_lock',
    loaded: 'after_load',
    decided: 'after_fold',
    written: 'after_outbox',
    committed: 'after_commit',
  },
  authorize: { locked: 'auth_locked', written: 'auth_written', committed: 'auth_committed' },
  meter: { locked: 'meter_locked', written: 'meter_before_commit', committed: 'meter_committed' },
  sweep: { written: 'sweep_before_commit', committed: 'sweep_committed' },
} as const satisfies Record<string, TransactionFailPoints>
export type TransactionKind = keyof typeof transactionFailPoints

export const failPointPattern = new RegExp(
  `^(${failPoints.join('|')}):[1-9]\\d{0,5}(:(kill|infra|content|pause))?$`,
)

/** undefined where none is set: nobody then pays for more than a look. */
export function openFailPoint(setting: string | null): AtFailPoint | undefined {
  if (setting === null) return undefined
  const [wanted, nth = '1', action = 'kill'] = setting.split(':')
  let left = Number(nth)
  return (name) => {
    if (name === wanted && --left === 0) act(action, name)
  }
}

function act(action: string, name: FailPoint): void {
  if (action === 'infra') {
    throw Object.assign(new Error(`fail point ${name}: as if PostgreSQL went away`), { code: '57P01' })
  }
  if (action === 'content') throw new Error(`fail point ${name}`)
  process.kill(process.pid, action === 'pause' ? 'SIGSTOP' : 'SIGKILL')
}
