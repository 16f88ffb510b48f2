import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('local midnights')

/** Zone, 30 s before a midnight, the day that ends and the one that begins. */
const midnights: [string, string, string, string][] = [
  // 28 March ends an hour before the clock goes forward; 25 October has 25 hours.
  ['Europe/Madrid', '2026-03-28T22:59:30Z', '2026-03-28', '2026-03-29'],
  ['Europe/Madrid', '2026-10-25T22:59:30Z', '2026-10-25', '2026-10-26'],
  // 6 September begins at 01:00: there is no 00:00.
  ['America/Santiago', '2026-09-06T03:59:30Z', '2026-09-05', '2026-09-06'],
  // 4 April shows 23:00 to 24:00 twice.
  ['America/Santiago', '2026-04-05T03:59:30Z', '2026-04-04', '2026-04-05'],
  ['Asia/Kathmandu', '2026-01-14T18:14:30Z', '2026-01-14', '2026-01-15'],
  // 5 April has 24 and a half hours, 4 October 23 and a half.
  ['Australia/Lord_Howe', '2026-04-05T13:29:30Z', '2026-04-05', '2026-04-06'],
  ['Australia/Lord_Howe', '2026-10-04T12:59:30Z', '2026-10-04', '2026-10-05'],
  // Samoa had no 30 December.
  ['Pacific/Apia', '2011-12-30T09:59:30Z', '2011-12-29', '2011-12-31'],
]

async function atDesk(at: string, work: (desk: CallDesk) => Promise<void>): Promise<void> {
  const desk = await openCallDesk(at)
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

for (const [timeZone, at, day, nextDay] of midnights) {
  test(`${timeZone}: a limit spent on ${day} denies until midnight and no longer on ${nextDay}`, () =>
    atDesk(at, async (desk) => {
      const { clientId: client } = await desk.aCaller({
        timeZone,
        maxDailyUsage: '0.06',
        maxDailyUsageEmail: 'noc@acme.example',
      })
      const answeredAt = desk.now() - 90_000
      const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + 60_000 }
      await desk.settle(anEvent({ kind: 'end', client, callId: 'spends', ...times }))
      assert.equal(await desk.usage(client), [{ day, amount: '0.06', reserved: '0', reached: true }])
      desk.moveClock(29)
      const denied = await desk.authorize({ client, callId: 'before midnight' })
      assert.is('reason' in denied ? denied.reason : 'granted', 'daily_limit_reached')
      desk.moveClock(1)
      const granted = await desk.authorize({ client, callId: 'at midnight' })
      assert.is(granted.allowed, true)
      assert.equal(await desk.usage(client), [
        { day, amount: '0.06', reserved: '0', reached: true },
        { day: nextDay, amount: '0', reserved: '0.06', reached: false },
      ])
      const [mails] = await desk.sql`select count(*)::int from mails where client_id = ${client}`
      assert.is(mails?.count, 1)
    }))
}

for (const [timeZone, at, day, nextDay] of midnights) {
  test(`${timeZone}: a call over the midnight of ${nextDay} is held to the new day and charged to ${day}`, () =>
    atDesk(at, async (desk) => {
      const { clientId: client } = await desk.aCaller({ timeZone, maxDailyUsage: '0.09' })
      const answeredAt = desk.now()
      await desk.authorize({ client, callId: 'a' })
      await desk.settle(anEvent({ kind: 'start', client, callId: 'a', startedAt: answeredAt, answeredAt }))
      desk.moveClock(29)
      await desk.meter()
      assert.equal(await desk.usage(client), [{ day, amount: '0', reserved: '0.06', reached: false }])
      desk.moveClock(1)
      await desk.meter()
      assert.equal(await desk.usage(client), [
        { day, amount: '0', reserved: '0', reached: false },
        { day: nextDay, amount: '0', reserved: '0.06', reached: false },
      ])
      for (const seconds of [22, 30]) {
        desk.moveClock(seconds)
        await desk.meter()
      }
      assert.equal(await desk.usage(client), [
        { day, amount: '0', reserved: '0', reached: false },
        { day: nextDay, amount: '0', reserved: '0.09', reached: true },
      ])
      const [hangup] = (await desk.facts(client)).filter(({ type }) => type === 'billing.calls.hangup')
      assert.equal(
        [hangup?.data.reason, hangup?.data.endBy],
        ['daily_limit_reached', new Date(answeredAt + 90_000).toISOString()],
      )
      const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + 90_000 }
      await desk.settle(anEvent({ kind: 'end', client, callId: 'a', ...times }))
      assert.equal(
        (await desk.usage(client)).map(({ day, amount, reserved }) => [day, amount, reserved]),
        [
          [day, '0.09', '0'],
          [nextDay, '0', '0'],
        ],
      )
    }))
}

test.run()
