/**
 * Every call of the run, and what it has to come to, written out by hand from the rates in `set-up-clients.ts`.
 */
import type { PlannedCall } from './place-call.ts'
import { type Clients, domains } from './set-up-clients.ts'

export interface ExpectedCall {
  /** What the caller's telephone shows. */
  sip: number
  /** Of a refusal: the reason's name stands in the header Reason. */
  reason?: string
  /** What the header Error-Info offers to hear. */
  announcement?: string
  /** What the service has made of it; null: it holds no such call. */
  status: 'priced' | 'unanswered' | 'unpriced' | null
  price: string | null
  /** The movement's amount; null: no money moves. */
  movement: string | null
}

export interface Call extends PlannedCall {
  name: string
  client: keyof Clients
  expected: ExpectedCall
}

const priced = (price: string): ExpectedCall => ({
  sip: 200,
  status: 'priced',
  price,
  movement: `-${price}`,
})
const refused = (sip: number, reason: string): ExpectedCall => ({
  sip,
  reason,
  status: null,
  price: null,
  movement: null,
})
const unanswered = (sip: number): ExpectedCall => ({ sip, status: 'unanswered', price: '0', movement: null })

function call(
  name: string,
  client: keyof Clients,
  how: { from: number; to: string; caller?: PlannedCall['caller']; ms?: number },
  expected: ExpectedCall,
): Call {
  const { caller = 'hangs-up', ms = 1500, to } = how
  return { name, client, domain: domains[client], from: `+3491100${how.from}`, to, caller, ms, expected }
}

export const calls = {
  // 0.01 and a whole minute at 0.06.
  spain: call('Spain mobile', 'acme', { from: 1001, to: '+34600111222' }, priced('0.07')),
  // One increment of 10 seconds: 0.12 / 6.
  britain: call('United Kingdom', 'acme', { from: 1002, to: '+442079460000' }, priced('0.02')),
  // One increment of 30 seconds: 0.10 / 2.
  france: call('France', 'acme', { from: 1003, to: '+33140000000' }, priced('0.05')),
  emergency: call(
    'emergency',
    'acme',
    { from: 1004, to: '112' },
    { sip: 200, status: 'unpriced', price: null, movement: null },
  ),
  busy: call('busy', 'acme', { from: 1005, to: '+34600111486' }, unanswered(486)),
  givenUp: call(
    'given up',
    'acme',
    { from: 1006, to: '+34600111480', caller: 'gives-up', ms: 700 },
    unanswered(487),
  ),
  // An operator ends it while it rings.
  endedRinging: call(
    'ended while it rings',
    'acme',
    { from: 1007, to: '+34600222480', caller: 'waits' },
    unanswered(487),
  ),
  unknown: call(
    'not priced',
    'acme',
    { from: 1008, to: '+81312345678' },
    refused(404, 'destination_not_priced'),
  ),
  // Six seconds at 0.60 a minute are all its money; the service ends the call.
  outOfMoney: call(
    'out of money',
    'coins',
    { from: 2001, to: '+4930123456', caller: 'waits' },
    priced('0.06'),
  ),
  noMoney: call(
    'no money',
    'coins',
    { from: 2002, to: '+4930123456' },
    {
      ...refused(402, 'insufficient_balance'),
      announcement: 'no-credit',
    },
  ),
  // An operator ends it.
  ended: call(
    'ended by an operator',
    'oneLine',
    { from: 3001, to: '+34600333444', caller: 'waits' },
    priced('0.07'),
  ),
  secondLine: call(
    'second line',
    'oneLine',
    { from: 3002, to: '+34600333444' },
    refused(403, 'max_calls_reached'),
  ),
  // While the service is away.
  blind: call('service away, allowed', 'trusting', { from: 4001, to: '+34600111222' }, priced('0.07')),
  denied: call(
    'service away, denied',
    'acme',
    { from: 1009, to: '+34600111222' },
    refused(503, 'service_unavailable'),
  ),
  blindEmergency: call(
    'service away, emergency',
    'acme',
    { from: 1010, to: '112' },
    { sip: 200, status: 'unpriced', price: null, movement: null },
  ),
} as const satisfies Record<string, Call>

/** 0.07 + 0.02 + 0.05, 0.06, 0.07, 0.07. */
export const expectedSums: Record<keyof Clients, string> = {
  acme: '0.14',
  coins: '0.06',
  oneLine: '0.07',
  trusting: '0.07',
}
