import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  readEntries,
  readNumbering,
  readReasonOverrides,
  readRecording,
  readRelays,
  readTemplates,
  readVisibility,
} from '../../src/db/configuration/read-settings.ts'

const test = suite('readSettings')
const deck = '01946000-0000-7000-8000-000000000001'
const spain = { countryCode: '34', internationalPrefixes: ['00'], nationalPrefix: '', nationalLengths: [9] }

test('what the API has written is read as it is', () => {
  assert.equal(readNumbering(structuredClone(spain)), spain)
  assert.equal(readRelays([{ name: 'One', address: 'media1.example.com:2223' }]), [
    { name: 'One', address: 'media1.example.com:2223' },
  ])
  assert.equal(readTemplates({ invoice: deck, lowBalance: null }), { invoice: deck, lowBalance: null })
  const overrides = { insufficient_balance: { sip: 403, phrase: 'Forbidden', announcement: null } }
  assert.equal(readReasonOverrides(structuredClone(overrides)), overrides)
})

test('what was left out is the default', () => {
  assert.is(readNumbering(null), null)
  assert.equal(readRecording({}), { onDemand: 'off', serviceCode: null, clientMayRemove: true })
  assert.equal(readVisibility({ invoices: true }), {
    invoices: true,
    ratingProfiles: false,
    callPrices: false,
  })
  assert.equal(readEntries([{ rateDeckId: deck }]), [
    { rateDeckId: deck, weight: 0, days: null, from: '00:00', to: '24:00', originPrefixes: null },
  ])
})

test('members that a newer release has added are left out', () => {
  assert.equal(readNumbering({ ...spain, added: 1 }), spain)
  assert.equal(readReasonOverrides({ by_operator: { q850: 31, added: 1 }, added: {} }), {
    by_operator: { q850: 31 },
  })
  assert.equal(readRecording({ onDemand: 'sipInfo', added: true }), {
    onDemand: 'sipInfo',
    serviceCode: null,
    clientMayRemove: true,
  })
})

test('a hand in the database is told by its place', () => {
  assert.throws(() => readNumbering({ ...spain, nationalLengths: ['9'] }), /\/nationalLengths\/0 must be/)
  assert.throws(() => readEntries({}), /is not a list/)
  assert.throws(() => readEntries([{ rateDeckId: 'one' }]), /\/rateDeckId must match format/)
  assert.throws(() => readRecording({ onDemand: 'always' }), /\/onDemand must be equal/)
  assert.throws(() => readRelays([]), /must not have fewer than 1 items/)
})

test.run()
