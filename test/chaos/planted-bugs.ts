/**
 * Bugs of the kind that loses, doubles or miscounts. Each is planted alone in a copy of the sources; a run that stays green
 * with it would mean that a green run says nothing.
 */
import type { Edit } from './build-service.ts'
import type { PlannedFault } from './plan-faults.ts'

export interface PlantedBug {
  name: string
  edits: readonly Edit[]
  /** On the migrated database: what the schema itself would prevent. */
  statements?: readonly string[]
  /** Checks one of which has to see it. */
  trips: readonly string[]
  faults: readonly Partial<PlannedFault>[]
  /** Two replicas that hold them; by default one that holds none. */
  leases?: 'on'
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
    trips: ['I1', 'I2', 'I5'],
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
    trips: ['I1'],
    faults: [dieAt('after_lock:1')],
  },
  {
    name: 'balances in floating point',
    edits: [
      {
        file: ledger,
        from: 'account.balance = before.plus(posting.amount)',
        to: 'account.balance = zero.plus(Math.fround(before.plus(posting.amount).toNumber()).toFixed(6))',
      },
    ],
    trips: ['I3', 'I4'],
    faults: [],
  },
  {
    name: 'usage written behind the commit',
    edits: behindCommit('writeDailyUsage', 'days'),
    trips: ['I6'],
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
    trips: ['I1'],
    faults: [{ kind: 'pause replica', ms: 3000 }],
  },
  {
    name: 'a failure of PostgreSQL swallowed',
    edits: [{ file: consumer, from: 'return pause(batch, error)', to: 'return acknowledge(batch)' }],
    trips: ['I1'],
    faults: [{ kind: 'end connections' }, { kind: 'cut connections', target: 1 }],
  },
  {
    name: 'priced by the tariff of now',
    edits: [
      {
        file: 'src/calls/settle/rate-call.ts',
        from: '  const { answeredAt } = call\n',
        to: '  const answeredAt = Date.now()\n',
      },
    ],
    trips: ['I8', 'verify'],
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
    trips: ['I7'],
    faults: [],
  },
  {
    name: 'the local day taken in UTC',
    edits: [
      {
        file: 'src/calls/settle/rate-call.ts',
        from: 'usageDay: localDay(at, terms.timeZone)',
        to: "usageDay: localDay(at, 'UTC')",
      },
    ],
    trips: ['I6', 'verify'],
    faults: [],
  },
  {
    name: 'the whole batch acknowledged behind a part of it',
    edits: [{ file: consumer, from: '      pause(batch, error)\n', to: '      acknowledge(batch)\n' }],
    trips: ['I1'],
    faults: [dieAt('after_fold:1:content,one_after_begin:2:infra,auth_committed:9')],
  },
  {
    name: 'facts written behind the commit',
    edits: behindCommit('appendFacts', 'this.#facts'),
    trips: ['I10'],
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
    trips: ['I3', 'I4', 'I11'],
    faults: [],
  },
  {
    name: 'a slot leaked',
    edits: [{ file: ledger, from: '      account.runningCalls--\n', to: '' }],
    trips: ['I7'],
    faults: [],
  },
  {
    name: "the broker's sequence taken for the key",
    edits: [
      {
        file: consumer,
        from: '    held.add(message)\n    if (closing)',
        to: `    if (settledBefore.has(message.seq)) {
      message.ack()
      puller?.release(1)
      return
    }
    settledBefore.add(message.seq)
    held.add(message)
    if (closing)`,
      },
      {
        file: consumer,
        from: 'const collectMs = 5\n',
        to: 'const collectMs = 5\nconst settledBefore = new Set<number>()\n',
      },
    ],
    trips: ['I1'],
    faults: [{ kind: 'lose the last events' }],
  },
  {
    name: 'numbers of invoices from a sequence',
    edits: [
      {
        file: 'src/db/invoices/invoice-series.ts',
        from: 'set last_number = series.last_number + 1',
        to: "set last_number = nextval('planted')",
      },
    ],
    statements: ['create sequence planted start 2', 'grant usage on sequence planted to public'],
    trips: ['I9'],
    faults: [dieAt('inv_numbered:1'), dieAt('inv_numbered:1')],
  },
  {
    name: 'mail sent inside the transaction',
    edits: [
      {
        file: 'src/invoices/issue-invoice.ts',
        from: "  context.atFailPoint?.('inv_numbered')\n",
        to: `  const { createTransport } = await import('nodemailer')
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: \`Invoice \${invoice.number}\`, text: 'planted' }
  await createTransport(process.env.SMTP_URL ?? '').sendMail(mail)
  context.atFailPoint?.('inv_numbered')
`,
      },
      {
        file: 'src/invoices/issue-invoice.ts',
        from: '  ledger.mail(...invoiceMails(invoice, options.email ?? null, now))\n',
        to: '',
      },
    ],
    trips: ['I10'],
    faults: [dieAt('inv_numbered:1')],
  },
  {
    name: 'the month in the key of a call',
    edits: [
      {
        file: 'src/calls/call-messages.ts',
        from: '    kind,\n    callId: message.callId,',
        to: "    kind,\n    callId: message.callId + '/' + (message.endedAt ?? message.startedAt)?.slice(0, 7),",
      },
    ],
    trips: ['I1', 'I2'],
    faults: [],
  },
  {
    name: 'a lease spent twice',
    edits: [
      {
        file: 'src/ledger/account-leases.ts',
        from: '      leased.money = leased.money.plus(lease.money)\n',
        to: '',
      },
    ],
    trips: ['I11'],
    faults: [],
    leases: 'on',
  },
]
