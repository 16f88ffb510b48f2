/**
 * E-invoices in every profile and syntax, judged by the official rules where they are there.
 * `E_INVOICES=300 npm test -- e-invoice/profiles` asks of that many documents.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseXml } from '@rgrove/parse-xml'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ciiLayout, writeCii } from '../../../src/invoices/e-invoice/cii.ts'
import { eInvoiceTerms } from '../../../src/invoices/e-invoice/e-invoice-terms.ts'
import { listTerms } from '../../../src/invoices/e-invoice/layout.ts'
import { type EInvoiceProfile, eInvoiceProfiles } from '../../../src/invoices/e-invoice/profiles.ts'
import { type Term, type Terms, termNames } from '../../../src/invoices/e-invoice/terms.ts'
import { ublLayout, writeUbl } from '../../../src/invoices/e-invoice/ubl.ts'
import type { Party } from '../../../src/invoices/invoice.ts'
import type { InvoiceDocument } from '../../../src/invoices/invoice-document.ts'
import { renderInvoiceXml } from '../../../src/invoices/render-invoice-xml.ts'
import { Decimal } from '../../../src/money.ts'
import { skipTest, testFolder } from '../../servers.ts'
import { breaches, fatalRules, type RuleSet, whyNoOfficialRules } from '../books/official-rules.ts'
import { refusalOf } from '../office.ts'
import { aBuyer, aSeller, type Country, debited } from './parties.ts'
import { randomDocuments } from './random-documents.ts'

const test = suite('profiles of e-invoices')
const whyNot = await whyNoOfficialRules()
const count = Number(process.env.E_INVOICES ?? 16)
const seed = 20261201
const documents = randomDocuments(count, seed)

const sorted = (terms: Iterable<Term>) => [...new Set(terms)].sort()

test('both syntaxes have a place for every term', () => {
  const all = sorted(Object.keys(termNames) as Term[])
  assert.equal(sorted(listTerms(ciiLayout)), all)
  assert.equal(sorted([...listTerms(ublLayout('Invoice')), ...listTerms(ublLayout('CreditNote'))]), all)
})

test('both syntaxes say the same: every value of the list stands in each', () => {
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text)
  const listValues = ({ values, ...groups }: Terms) => [values, ...Object.values(groups).flat()]
  for (const document of documents) {
    const terms = eInvoiceTerms(document, 'peppol-bis-3')
    const [ubl, cii] = [writeUbl(terms), writeCii(terms)].map((pieces) => [...pieces].join('')) as [
      string,
      string,
    ]
    for (const [term, text] of listValues(terms).flatMap((values) => Object.entries(values))) {
      const isSaid = (xml: string, said: string) => xml.includes(`>${said}<`) || xml.includes(`="${said}"`)
      assert.ok(isSaid(ubl, escaped(text)), `UBL ${term} ${text}`)
      const ofCii = isDay(text) ? text.replaceAll('-', '') : escaped(text)
      assert.ok(isSaid(cii, ofCii), `CII ${term} ${text}`)
    }
  }
})

/** A plain invoice between two countries that every profile takes. */
function aDocument({
  seller = 'DE',
  buyer = 'DE',
}: {
  seller?: Country
  buyer?: Country
} = {}): InvoiceDocument {
  const template = documents.find(({ invoice }) => isPlain(invoice))
  if (!template) throw new Error(`no document of seed ${seed} is plain`)
  const parties = { seller: aSeller(seller), buyer: aBuyer(buyer) }
  return { ...template, ...parties, invoice: { ...template.invoice, ...parties } }
}

function isPlain({ kind, taxes, total, currency }: InvoiceDocument['invoice']): boolean {
  return (
    kind === 'invoice' && total.gt(0) && currency === 'EUR' && taxes.every(({ category }) => category === 'S')
  )
}

type Change = Partial<Record<'seller' | 'buyer', Partial<Party>>>
interface Lack {
  rule: string
  profiles: EInvoiceProfile[]
  pointer: string
  /** What is taken away. */
  without: Change
  seller?: Country
  buyer?: Country
  isDebited?: true
}

const peppol: EInvoiceProfile[] = ['peppol-bis-3']
const german: EInvoiceProfile[] = ['xrechnung-3']
/** Peppol has the rules of XRechnung for a German seller and buyer. */
const germanLacks: [number, string, Change, isDebited?: true][] = [
  [1, '/seller/iban', { seller: { iban: '' } }],
  [2, '/seller/contactName', { seller: { contactName: '', phone: '', email: '' } }],
  [3, '/seller/town', { seller: { town: '' } }],
  [4, '/seller/postalCode', { seller: { postalCode: '' } }],
  [5, '/seller/contactName', { seller: { contactName: '' } }],
  [6, '/seller/phone', { seller: { phone: '' } }],
  [7, '/seller/email', { seller: { email: '' } }],
  [8, '/buyer/town', { buyer: { town: '' } }],
  [9, '/buyer/postalCode', { buyer: { postalCode: '' } }],
  [15, '/buyer/buyerReference', { buyer: { buyerReference: '' } }],
  [30, '/seller/creditorId', { seller: { creditorId: '' } }, true],
  [31, '/buyer/iban', { buyer: { iban: '' } }, true],
]
const inIceland = { country: 'IS', taxId: 'IS12345', endpointScheme: '0196', endpointValue: '5402696029' }
const icelandic = (seller: Partial<Party>, buyer: Partial<Party>): Change => ({
  seller: { ...inIceland, ...seller },
  buyer: { ...inIceland, ...buyer },
})
const inGreece = { country: 'GR', taxId: 'EL094259216', endpointScheme: '9933', endpointValue: '094259216' }
const greek = (seller: Partial<Party>, buyer: Partial<Party>): Change => ({
  seller: { ...inGreece, ...seller },
  buyer: { ...inGreece, ...buyer },
})
const lacks: Lack[] = [
  {
    rule: 'BR-09',
    profiles: [...eInvoiceProfiles],
    pointer: '/seller/country',
    without: { seller: { country: '' } },
  },
  {
    rule: 'BR-11',
    profiles: [...eInvoiceProfiles],
    pointer: '/buyer/country',
    without: { buyer: { country: '' } },
  },
  {
    rule: 'PEPPOL-EN16931-R003',
    profiles: peppol,
    pointer: '/buyer/buyerReference',
    without: { buyer: { buyerReference: '', purchaseOrder: '' } },
  },
  {
    rule: 'PEPPOL-EN16931-R010',
    profiles: ['peppol-bis-3', 'xrechnung-3'],
    pointer: '/buyer/endpointId',
    without: { buyer: { endpointScheme: '', endpointValue: '' } },
  },
  {
    rule: 'PEPPOL-EN16931-R020',
    profiles: ['peppol-bis-3', 'xrechnung-3'],
    pointer: '/seller/endpointId',
    without: { seller: { endpointScheme: '', endpointValue: '' } },
  },
  {
    rule: 'PEPPOL-EN16931-CL008',
    profiles: peppol,
    pointer: '/seller/endpointId',
    without: { seller: { endpointScheme: 'EM', endpointValue: 'billing@telco.example' } },
  },
  ...germanLacks.flatMap(([number, pointer, without, isDebited]): Lack[] => [
    { rule: `BR-DE-${number}`, profiles: german, pointer, without, ...(isDebited && { isDebited }) },
    {
      rule: `DE-R-${String(number).padStart(3, '0')}`,
      profiles: peppol,
      pointer,
      without,
      ...(isDebited && { isDebited }),
    },
  ]),
  ...(
    [
      ['DK', 'DK-R-002', '/seller/taxId', { seller: { taxId: '1', endpointScheme: '0088' } }],
      ['IT', 'IT-R-002', '/seller/postalAddress', { seller: { address: '' } }],
      ['IT', 'IT-R-003', '/seller/town', { seller: { town: '' } }],
      ['IT', 'IT-R-004', '/seller/postalCode', { seller: { postalCode: '' } }],
      ['NL', 'NL-R-002', '/seller/postalAddress', { seller: { address: '' } }],
      ['NL', 'NL-R-004', '/buyer/town', { buyer: { town: '' } }],
      ['NL', 'NL-R-007', '/seller/iban', { seller: { iban: '' } }],
      ['NO', 'NO-R-001', '/seller/taxId', { seller: { taxId: 'NO1' } }],
      ['SE', 'SE-R-001', '/seller/taxId', { seller: { taxId: 'SE5560360793' } }],
      ['NL', 'NL-R-002', '/seller/town', { seller: { town: '' } }],
      ['NL', 'NL-R-002', '/seller/postalCode', { seller: { postalCode: '' } }],
      ['NL', 'NL-R-004', '/buyer/postalAddress', { buyer: { address: '' } }],
      ['NL', 'NL-R-004', '/buyer/postalCode', { buyer: { postalCode: '' } }],
      ['SE', 'IS-R-002', '/seller/endpointId', icelandic({ endpointScheme: '0088' }, {})],
      ['SE', 'IS-R-003', '/seller/postalAddress', icelandic({ address: '' }, {})],
      ['SE', 'IS-R-003', '/seller/postalCode', icelandic({ postalCode: '' }, {})],
      ['SE', 'IS-R-004', '/buyer/endpointId', icelandic({}, { endpointScheme: '0088' })],
      ['SE', 'IS-R-005', '/buyer/postalAddress', icelandic({}, { address: '' })],
      ['SE', 'IS-R-005', '/buyer/postalCode', icelandic({}, { postalCode: '' })],
      ['SE', 'GR-R-004-1', '/seller/country', greek({}, {})],
      ['SE', 'GR-R-003', '/seller/taxId', greek({ taxId: 'EL094259217' }, {})],
      ['SE', 'GR-R-006', '/buyer/taxId', greek({}, { taxId: 'EL094259217' })],
      ['SE', 'GR-R-009', '/seller/endpointId', greek({ endpointScheme: '0088' }, {})],
      ['SE', 'GR-R-010', '/buyer/endpointId', greek({}, { endpointValue: '094259217' })],
    ] as const
  ).map(
    ([country, rule, pointer, without]): Lack => ({
      ...{ rule, pointer, without, profiles: peppol, seller: country, buyer: country },
    }),
  ),
]

function lacking({ without, seller, buyer, isDebited }: Lack): InvoiceDocument {
  const document = aDocument({ ...(seller && { seller }), ...(buyer && { buyer }) })
  const payer = isDebited ? debited(document.buyer) : document.buyer
  return {
    ...document,
    seller: { ...document.seller, ...without.seller },
    buyer: { ...payer, ...without.buyer },
  }
}

test('others have their turn while thousands of lines are written, which are all there, in order', async () => {
  const { invoice, ...document } = aDocument()
  const [line] = invoice.lines
  assert.ok(line)
  const lines = Array.from({ length: 3_000 }, (_, i) => ({ ...line, description: `line ${i}` }))
  for (const syntax of ['ubl', 'cii'] as const) {
    let turns = 0
    let isWritten = false
    const written = renderInvoiceXml({ ...document, invoice: { ...invoice, lines } }, { syntax }).finally(
      () => {
        isWritten = true
      },
    )
    while (!isWritten) {
      await new Promise((resolve) => setImmediate(resolve))
      turns += 1
    }
    assert.ok(turns >= 30, `${turns} turns`)
    const xml = await written
    assert.equal(
      [...xml.matchAll(/>(line \d+)</g)].map(([, name]) => name),
      lines.map(({ description }) => description),
    )
    parseXml(xml)
  }
})

test('what a profile needs and is not there is refused with its rule and its field', async () => {
  for (const profile of eInvoiceProfiles) await renderInvoiceXml(aDocument(), { profile })
  for (const lack of lacks) {
    const document = lacking(lack)
    for (const profile of eInvoiceProfiles) {
      const refusal = await refusalOf(renderInvoiceXml(document, { profile })).catch(() => undefined)
      const found = refusal?.errors.filter(({ detail }) => detail.includes(`(${lack.rule})`)) ?? []
      const told = `${lack.rule} in ${profile}: ${JSON.stringify(refusal?.errors)}`
      if (!lack.profiles.includes(profile)) assert.equal(found, [], told)
      else assert.equal([refusal?.code, found[0]?.pointer], ['invoice_not_representable', lack.pointer], told)
    }
  }
})

test('what Peppol asks of a document of Sweden or Denmark is refused with its rule', async () => {
  const swedish = aDocument({ seller: 'SE', buyer: 'SE' })
  const danish = aDocument({ seller: 'DK', buyer: 'DK' })
  const withTaxes = (rate: number) =>
    swedish.invoice.taxes.map((group) => ({ ...group, rate: new Decimal(rate) }))
  for (const [rule, pointer, document, mended] of [
    ['SE-R-006', '/taxes/0/rate', { taxes: withTaxes(21) }, { taxes: withTaxes(25) }],
    ['DK-R-005', '/seller/iban', { currency: 'DKK' }, { currency: 'EUR' }],
    ['DK-R-016', '/total', { kind: 'credit-note' as const }, { kind: 'invoice' as const }],
  ] as const) {
    const { invoice, ...rest } = rule.startsWith('SE') ? swedish : danish
    const corrects = { number: 'F2026-0001', issueDay: '2026-01-01' }
    const write = (change: object) =>
      renderInvoiceXml({ ...rest, corrects, invoice: { ...invoice, ...change } }, { profile: 'peppol-bis-3' })
    const { code, errors } = await refusalOf(write(document))
    assert.is(code, 'invoice_not_representable', rule)
    assert.ok(
      errors.some((fault) => fault.pointer === pointer && fault.detail.includes(`(${rule})`)),
      JSON.stringify(errors),
    )
    assert.match(await write(mended), 'peppol')
  }
})

test('an order is enough for Peppol, and a mandate needs no account of the seller', async () => {
  const document = aDocument({ seller: 'BE', buyer: 'FR' })
  const ordered = { ...document, buyer: { ...document.buyer, buyerReference: '' } }
  assert.match(await renderInvoiceXml(ordered, { profile: 'peppol-bis-3' }), '<cbc:ID>PO-7</cbc:ID>')
  const german = aDocument()
  const collected = { ...german, seller: { ...german.seller, iban: '' }, buyer: debited(german.buyer) }
  const xml = await renderInvoiceXml(collected, { profile: 'xrechnung-3' })
  assert.match(xml, '<cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>')
  assert.not.match(xml, 'PayeeFinancialAccount')
})

test('outside the scope of VAT no VAT number stands in it, and nothing else beside', async () => {
  const outside = documents.find(({ invoice }) => invoice.taxes.some(({ category }) => category === 'O'))
  assert.ok(outside)
  const xml = await renderInvoiceXml(outside)
  assert.not.match(xml, 'PartyTaxScheme')
  const other = { category: 'S', rate: new Decimal(21), name: 'VAT', reason: null } as const
  const [first, ...lines] = outside.invoice.lines
  assert.ok(first)
  const mixed = {
    ...outside,
    invoice: {
      ...outside.invoice,
      lines: [first, { ...first, taxes: [other] }, ...lines],
      taxes: [...outside.invoice.taxes, { ...other, base: first.net, amount: first.net }],
    },
  }
  const refusal = await refusalOf(renderInvoiceXml(mixed))
  assert.equal(refusal.errors[0], {
    pointer: '/lines/0',
    detail: 'is outside the scope of tax, and others are not (BR-O-11, BR-O-12)',
  })
})

/** Where the rules are not there, the test is left out with the reason. */
function judge(name: string, work: () => Promise<void>): void {
  if (whyNot) skipTest(test, name, whyNot)
  else test(name, work)
}

/** Rules → what is asked of them: profile and syntax. */
const judged: Record<RuleSet, [EInvoiceProfile, 'ubl' | 'cii'][]> = {
  'cen-ubl': [
    ['peppol-bis-3', 'ubl'],
    ['xrechnung-3', 'ubl'],
  ],
  'cen-cii': [['en16931', 'cii']],
  peppol: [['peppol-bis-3', 'ubl']],
  'xrechnung-ubl': [['xrechnung-3', 'ubl']],
  'xrechnung-cii': [['xrechnung-3', 'cii']],
}
for (const [rules, kinds] of Object.entries(judged) as [RuleSet, (typeof judged)[RuleSet]][]) {
  judge(`${count} documents break no official rule, and what lacks a field does: ${rules}`, async () => {
    const folder = join(testFolder(), rules)
    mkdirSync(folder)
    for (const [profile, syntax] of kinds) await writeAll(folder, { profile, syntax })
    const [profile = 'en16931'] = kinds[0] ?? []
    const asked = listLacks(rules, profile)
    for (const lack of asked) {
      writeFileSync(
        join(folder, `${lack.rule}.xml`),
        [...writeUbl(eInvoiceTerms(lacking(lack), profile))].join(''),
      )
    }
    const broken = await breaches(folder, rules)
    const isOfLacking = (line: string) => asked.some(({ rule }) => line.startsWith(`${rule}.xml: `))
    assert.equal(
      broken.filter((line) => !isOfLacking(line)),
      [],
      `seed ${seed}`,
    )
    const silent = asked.filter(
      ({ rule }) => !broken.some((line) => line.startsWith(`${rule}.xml: ${rule} `)),
    )
    assert.equal(
      silent.map(({ rule }) => rule),
      [],
    )
  })
}

async function writeAll(
  folder: string,
  { profile, syntax }: { profile: EInvoiceProfile; syntax: 'ubl' | 'cii' },
): Promise<void> {
  let written = 0
  for (const [i, document] of documents.entries()) {
    const write = async () => {
      const xml = await renderInvoiceXml(document, { profile, syntax })
      writeFileSync(join(folder, `${profile}-${i}.xml`), xml)
      written++
    }
    const refusal = await refusalOf(write()).catch(() => undefined)
    if (refusal) assert.match(JSON.stringify(refusal.errors), /BR-AF-05|DK-R-0(05|16)/, `seed ${seed}, ${i}`)
  }
  assert.ok(written > count * 0.8, `${written} of ${count} were written`)
}

/** The fields of a profile whose lack its own rules tell by our name. */
function listLacks(rules: RuleSet, profile: EInvoiceProfile): Lack[] {
  if (rules !== 'peppol' && rules !== 'xrechnung-ubl') return []
  const known = new Set(fatalRules(rules))
  return lacks.filter((lack) => lack.profiles.includes(profile) && known.has(lack.rule))
}

test.run()
