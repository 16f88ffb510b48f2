/**
 * Each call on exactly one invoice, from its events to the document: at the last second of a month, of a year, over
 * the change of clocks, and when its end comes after the issue.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { streamReadOnly } from '../../src/db/stream-batches.ts'
import { loadInvoiceDocument, streamItems } from '../../src/invoices/invoice-document.ts'
import { noTerms } from '../../src/invoices/invoice-terms.ts'
import { issueNewInvoice } from '../../src/invoices/issue-invoice.ts'
import { newId } from '../../src/uuid.ts'
import { anEvent, openCallDesk } from '../calls/a-call-desk.ts'
import { refusalOf } from './office.ts'

const desk = await openCallDesk('2026-05-02T10:00:00Z')
const monthEnd = suite('invoices at the end of a month')
monthEnd.after(() => desk.close())

async function anInvoicedCaller(timeZone: string) {
  const { brandId, clientId } = await desk.aCaller({ timeZone })
  await desk.sql`update clients set features = array['billing', 'invoices'] where id = ${clientId}`
  const sequenceId = newId()
  await desk.sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width)
    values (${sequenceId}, ${brandId}, 'main', 'F', 4)`
  const scope = { brandId, clientId: null }
  return {
    clientId,
    issue: (from: string, to: string, runningCalls: 'block' | 'next' = 'block') =>
      issueNewInvoice(
        { sql: desk.sql, clock: desk.now, onCommitted: () => {} },
        {
          scope,
          actor: 'test',
          clientId,
          numberSequenceId: sequenceId,
          period: { from, to },
          terms: { ...noTerms, taxIds: [], runningCalls },
        },
      ),
    async callsOn({ id }: { id: string }) {
      const document = await loadInvoiceDocument(desk.sql, { id, scope })
      const calls: string[] = []
      for await (const items of streamReadOnly(desk.sql, (tx) => streamItems(tx, document)))
        calls.push(...items.map(({ callId }) => callId))
      return calls
    },
  }
}

const anEnd = (client: string, callId: string, answered: string, seconds = 60) => {
  const answeredAt = Date.parse(answered)
  const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + seconds * 1000 }
  return anEvent({ kind: 'end', client, callId, ...times })
}

monthEnd(
  'a call answered ten seconds before midnight belongs to the old month, one at midnight to the new',
  async () => {
    for (const [timeZone, lastSeconds, midnight, before, from, to] of [
      [
        'Europe/Madrid',
        '2026-01-31T22:59:50Z',
        '2026-01-31T23:00:00Z',
        '2026-01-01',
        '2026-02-01',
        '2026-03-01',
      ],
      // The clocks have changed in between: two hours before UTC.
      [
        'Europe/Madrid',
        '2026-03-31T21:59:50Z',
        '2026-03-31T22:00:00Z',
        '2026-03-01',
        '2026-04-01',
        '2026-05-01',
      ],
      [
        'Europe/Madrid',
        '2025-12-31T22:59:50Z',
        '2025-12-31T23:00:00Z',
        '2025-12-01',
        '2026-01-01',
        '2026-02-01',
      ],
      [
        'America/New_York',
        '2026-03-01T04:59:50Z',
        '2026-03-01T05:00:00Z',
        '2026-02-01',
        '2026-03-01',
        '2026-04-01',
      ],
      [
        'Asia/Kolkata',
        '2026-01-31T18:29:50Z',
        '2026-01-31T18:30:00Z',
        '2026-01-01',
        '2026-02-01',
        '2026-03-01',
      ],
    ] as const) {
      const caller = await anInvoicedCaller(timeZone)
      await desk.settle(anEnd(caller.clientId, 'old', lastSeconds), anEnd(caller.clientId, 'new', midnight))
      const first = await caller.issue(before, from)
      const second = await caller.issue(from, to)
      assert.equal(
        [await caller.callsOn(first), await caller.callsOn(second)],
        [['old'], ['new']],
        lastSeconds,
      )
    }
  },
)

monthEnd('an end that comes after the issue comes on the next invoice, and on that alone', async () => {
  const caller = await anInvoicedCaller('Europe/Madrid')
  const { clientId } = caller
  const answeredAt = Date.parse('2026-01-31T22:59:50Z')
  await desk.settle(
    anEnd(clientId, 'ended', '2026-01-20T10:00:00Z'),
    anEvent({ kind: 'start', client: clientId, callId: 'running', startedAt: answeredAt, answeredAt }),
  )
  assert.is((await refusalOf(caller.issue('2026-01-01', '2026-02-01'))).code, 'calls_running')
  const january = await caller.issue('2026-01-01', '2026-02-01', 'next')
  await desk.settle(anEnd(clientId, 'running', '2026-01-31T22:59:50Z', 3600))
  const february = await caller.issue('2026-02-01', '2026-03-01')
  const march = await caller.issue('2026-03-01', '2026-04-01')
  assert.equal(await caller.callsOn(january), ['ended'])
  assert.equal(await caller.callsOn(february), ['running'])
  assert.equal(await caller.callsOn(march), [])
  // An hour at 0.06 a minute.
  assert.equal(
    february.lines.map(({ kind, net }) => [kind, net.toFixed()]),
    [['earlier-calls', '3.6']],
  )
})

monthEnd(
  'a lost call that is charged, invoiced and then ends has the difference on the next invoice',
  async () => {
    const caller = await anInvoicedCaller('Europe/Madrid')
    const { clientId } = caller
    await desk.settle(anEnd(clientId, 'short', '2026-01-20T10:00:00Z', 600))
    const january = await caller.issue('2026-01-01', '2026-02-01')
    await desk.sql`
    update calls set status = 'lost-end', flags = '{lost_end}', end_digest = null where client_id = ${clientId}`
    await desk.settle(anEnd(clientId, 'short', '2026-01-20T10:00:00Z', 60))
    const february = await caller.issue('2026-02-01', '2026-03-01')
    assert.equal(await caller.callsOn(january), ['short'])
    assert.equal(await caller.callsOn(february), ['short', 'short'])
    // Ten minutes were 0.60, one is 0.06.
    assert.equal([january.net.toFixed(), february.net.toFixed()], ['0.6', '-0.54'])
  },
)

monthEnd.run()
