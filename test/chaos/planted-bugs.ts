/**
 * Bugs of the kind that loses, doubles or miscounts. Each is planted alone in a copy of the sources; a run that stays green
 * with it would mean that a green run says nothing.
 */
import type { Edit } from './build-service.ts'
import type { PlannedFault } from './plan.ts'

export interface PlantedBug {
  name: string
  edits: readonly Edit[]
  /** On the migrated database: what the schema itself would prevent. */
  statements?: readonly string[]
  faults: readonly Partial<PlannedFault>[]
}

const consumer = 'src/events/call-consumer.ts'
const transact = 'src/calls/transact.ts'
const ledger = 'src/ledger/ledger.ts'
const dieAt = (failPoint: string): Partial<PlannedFault> => ({ kind: 'fail point', failPoint })

/** What `ledger` would have written with the rest is written behind the commit. */
const behindCommit = (write: string, from: string): Edit[] => [
  {
    file: ledger,
    from: `writes.push(${write}(tx, ${from}))`,
    to: `this.behind = (sql) => ${write}(sql, ${from})`,
  },
  {
    file: transact,
    from: 'return { result, news: ledger.news }',
    to: 'return { result, news: ledger.news, behind: ledger.behind }',
  },
  { file: transact, from: 'const { result, news } = await', to: 'const { result, news, behind } = await' },
  {
    file: transact,
    from: 'if (news.facts || news.mails) context',
    to: 'await behind?.(context.db.$client)\n  if (news.facts || news.mails) context',
  },
]

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'the keys of calls and movements dropped',
    edits: [
      {
        file: 'src/db/calls/calls.ts',
        from: `const writeAll = \`\${insertInto(columns)}
  on conflict (client_id, call_id) do update
  set \${columns
    .filter((column) => !isKey(column))
    .map(({ column }) => \`\${column} = excluded.\${column}\`)
    .join(', ')}\``,
        to: 'const writeAll = insertInto(columns)',
      },
    ],
    statements: [
      'alter table calls drop constraint calls_client_id_call_id_pk cascade',
      'alter table movements drop constraint one_movement_per_cause',
    ],
    faults: [{ kind: 'cut a commit', target: 1 }],
  },
  {
    name: 'acknowledged before the commit',
    edits: [
      {
        file: consumer,
        from: 'await settle(read)\n        acknowledge(together)',
        to: 'acknowledge(together)\n        await settle(read)',
      },
    ],
    faults: [dieAt('after_lock:1')],
  },
  {
    name: 'balances in floating point',
    edits: [
      {
        file: ledger,
        from: 'account.balance = before.plus(posting.amount)',
        to: 'account.balance = new Decimal(Math.fround(before.plus(posting.amount).toNumber()).toFixed(6))',
      },
    ],
    faults: [],
  },
  {
    name: 'usage written behind the commit',
    edits: behindCommit('writeDailyUsage', 'days'),
    faults: [dieAt('after_commit:1')],
  },
  {
    name: 'a stream that drops its oldest events',
    edits: [
      {
        file: 'src/events/streams.ts',
        from: 'discard: DiscardPolicy.New',
        to: 'discard: DiscardPolicy.Old',
      },
      { file: 'src/events/streams.ts', from: 'max_bytes: maxBytes', to: 'max_bytes: 8_000' },
    ],
    faults: [{ kind: 'pause replica', ms: 3000 }],
  },
  {
    name: 'a failure of PostgreSQL swallowed',
    edits: [{ file: consumer, from: 'return pause(batch, error)', to: 'return acknowledge(batch)' }],
    faults: [{ kind: 'end connections' }, { kind: 'cut connections', target: 1 }],
  },
  {
    name: 'priced by the tariff of now',
    edits: [
      {
        file: 'src/calls/settle/settle-call.ts',
        from: '    answeredAt: call.answeredAt,\n    durationSeconds,',
        to: '    answeredAt: Date.now(),\n    durationSeconds,',
      },
    ],
    faults: [],
  },
  {
    name: 'a start behind the settlement reserves',
    edits: [
      {
        file: 'src/calls/settle/settle-calls.ts',
        from: '      changed.add(call)\n      if (event.kind',
        to: "      changed.add(call)\n      if (event.kind === 'start' && call.endDigest !== null)\n        holdForRunningCall(call, owner, context, ledger, isCalledBack)\n      if (event.kind",
      },
    ],
    faults: [],
  },
  {
    name: 'the local day taken in UTC',
    edits: [
      {
        file: 'src/calls/settle/settle-call.ts',
        from: 'usageDay: localDay(at, terms.timeZone)',
        to: "usageDay: localDay(at, 'UTC')",
      },
    ],
    faults: [],
  },
  {
    name: 'the whole batch acknowledged behind a part of it',
    edits: [{ file: consumer, from: '      pause(batch, error)\n', to: '      acknowledge(batch)\n' }],
    faults: [dieAt('after_fold:1:content,one_after_begin:2:infra,auth_committed:9')],
  },
  {
    name: 'facts written behind the commit',
    edits: behindCommit('appendFacts', 'this.#facts'),
    faults: [dieAt('after_commit:1')],
  },
  {
    name: 'balances read without their lock',
    edits: [
      {
        file: 'src/ledger/store/lock-accounts.ts',
        from: 'order by client_id\n    for update',
        to: 'order by client_id --',
      },
    ],
    faults: [],
  },
  {
    name: 'a slot leaked',
    edits: [{ file: ledger, from: '      account.runningCalls--\n', to: '' }],
    faults: [],
  },
]

/** Kinds of bugs that no run of this harness is made for yet. */
export const notPlanted = [
  "the broker's sequence taken for the key",
  'numbers of invoices from a sequence',
  'mail sent inside the transaction',
  'the month in the key of a call',
  'a lease spent twice',
]
