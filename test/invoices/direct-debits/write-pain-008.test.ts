import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseXml, type XmlElement, XmlText } from '@rgrove/parse-xml'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type {
  DirectDebit,
  DirectDebitRun,
  Mandate,
} from '../../../src/invoices/direct-debits/direct-debit.ts'
import { sepaText } from '../../../src/invoices/direct-debits/sepa-text.ts'
import { writePain008 } from '../../../src/invoices/direct-debits/write-pain-008.ts'
import { Decimal } from '../../../src/money.ts'
import { testFolder } from '../../servers.ts'

const test = suite('writePain008')
const none = { debits: 0, amount: new Decimal(0) }
const run: DirectDebitRun = {
  id: '01930000-0000-7000-8000-000000000001',
  brandId: '01930000-0000-7000-8000-000000000002',
  status: 'open',
  collectionDay: '2026-02-27',
  creditor: {
    name: 'Telecomunicações Ñandú & Søn',
    iban: 'ES9121000418450200051332',
    bic: '',
    creditorId: 'ES50ZZZM23456789',
  },
  actor: 'test',
  createdAt: Date.parse('2026-02-20T08:00:00.123Z'),
  updatedAt: Date.parse('2026-02-20T08:00:00.123Z'),
  paidAt: null,
  revision: 1,
  total: { debits: 3, amount: new Decimal('22.36') },
  booked: none,
  returned: none,
}
const mandate: Mandate = {
  mandateId: 'M-2026/1',
  signedDay: '2026-01-15',
  scheme: 'core',
  iban: 'DE89370400440532013000',
  bic: '',
  debtor: 'Müller & Söhne GmbH',
  address: null,
}
const debit = (
  n: number,
  amount: string,
  more: Partial<Mandate> = {},
  isAccountChanged = false,
): DirectDebit => ({
  id: `01930000-0000-7000-8000-00000000010${n}`,
  runId: run.id,
  brandId: run.brandId,
  clientId: run.brandId,
  clientName: 'Acme',
  invoiceId: run.brandId,
  invoiceNumber: `F2026/0${n}`,
  status: 'pending',
  amount: new Decimal(amount),
  mandate: { ...mandate, ...more },
  isAccountChanged,
  paymentId: null,
  returnReason: null,
  returnedAt: null,
})
const swiss = {
  iban: 'CH9300762011623852957',
  bic: 'POFICHBEXXX',
  debtor: 'Ελληνικά & Zürcher',
  address: { street: 'Rämistrasse 1', postalCode: '8001', town: 'Zürich', country: 'CH' },
}
const debits = {
  core: [debit(1, '7.26'), debit(2, '12.1', swiss, true)],
  b2b: [debit(3, '3', { scheme: 'b2b', bic: 'DEUTDEFF' })],
}
const blocks = [
  { scheme: 'b2b' as const, debits: 1, amount: new Decimal('3') },
  { scheme: 'core' as const, debits: 2, amount: new Decimal('19.36') },
]

async function write(): Promise<string> {
  const pieces: string[] = []
  const read = async function* (scheme: Mandate['scheme']) {
    for (const one of debits[scheme]) yield [one]
  }
  for await (const piece of writePain008(run, blocks, read)) pieces.push(piece)
  return pieces.join('')
}

/** `GrpHdr/MsgId=…` for each element with a text, in the order of the file. */
function listTexts(element: XmlElement, path = ''): string[] {
  const children = element.children as (XmlElement | XmlText)[]
  return children.flatMap((child) => {
    if (!(child instanceof XmlText))
      return listTexts(child, path === '' ? child.name : `${path}/${child.name}`)
    return child.text.trim() === '' ? [] : [`${path}=${child.text}`]
  })
}

test('a block per scheme with its sum, and each debit with its mandate, in the order of the standard', async () => {
  const { root } = parseXml(await write())
  assert.ok(root)
  assert.is(root.attributes.xmlns, 'urn:iso:std:iso:20022:tech:xsd:pain.008.001.08')
  const texts = listTexts(root).map((text) =>
    text.replace('CstmrDrctDbtInitn/', '').replace('DrctDbtTxInf', 'Tx'),
  )
  const header = (n: string, scheme: string, count: string, sum: string) => [
    `PmtInf/PmtInfId=0193000000007000800000000000000${n}-${scheme[0]}`,
    'PmtInf/PmtMtd=DD',
    `PmtInf/NbOfTxs=${count}`,
    `PmtInf/CtrlSum=${sum}`,
    'PmtInf/PmtTpInf/SvcLvl/Cd=SEPA',
    `PmtInf/PmtTpInf/LclInstrm/Cd=${scheme}`,
    'PmtInf/PmtTpInf/SeqTp=RCUR',
    'PmtInf/ReqdColltnDt=2026-02-27',
    'PmtInf/Cdtr/Nm=Telecomunicacoes Nandu + Son',
    'PmtInf/CdtrAcct/Id/IBAN=ES9121000418450200051332',
    'PmtInf/CdtrAgt/FinInstnId/Othr/Id=NOTPROVIDED',
    'PmtInf/ChrgBr=SLEV',
    'PmtInf/CdtrSchmeId/Id/PrvtId/Othr/Id=ES50ZZZM23456789',
    'PmtInf/CdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry=SEPA',
  ]
  const signed = [
    'PmtInf/Tx/DrctDbtTx/MndtRltdInf/MndtId=M-2026/1',
    'PmtInf/Tx/DrctDbtTx/MndtRltdInf/DtOfSgntr=2026-01-15',
  ]
  assert.equal(texts, [
    'GrpHdr/MsgId=01930000000070008000000000000001',
    'GrpHdr/CreDtTm=2026-02-20T08:00:00',
    'GrpHdr/NbOfTxs=3',
    'GrpHdr/CtrlSum=22.36',
    'GrpHdr/InitgPty/Nm=Telecomunicacoes Nandu + Son',
    ...header('1', 'B2B', '1', '3.00'),
    'PmtInf/Tx/PmtId/EndToEndId=01930000000070008000000000000103',
    'PmtInf/Tx/InstdAmt=3.00',
    ...signed,
    'PmtInf/Tx/DbtrAgt/FinInstnId/BICFI=DEUTDEFF',
    'PmtInf/Tx/Dbtr/Nm=Muller + Sohne GmbH',
    'PmtInf/Tx/DbtrAcct/Id/IBAN=DE89370400440532013000',
    'PmtInf/Tx/RmtInf/Ustrd=F2026/03',
    ...header('1', 'CORE', '2', '19.36'),
    'PmtInf/Tx/PmtId/EndToEndId=01930000000070008000000000000101',
    'PmtInf/Tx/InstdAmt=7.26',
    ...signed,
    'PmtInf/Tx/DbtrAgt/FinInstnId/Othr/Id=NOTPROVIDED',
    'PmtInf/Tx/Dbtr/Nm=Muller + Sohne GmbH',
    'PmtInf/Tx/DbtrAcct/Id/IBAN=DE89370400440532013000',
    'PmtInf/Tx/RmtInf/Ustrd=F2026/01',
    'PmtInf/Tx/PmtId/EndToEndId=01930000000070008000000000000102',
    'PmtInf/Tx/InstdAmt=12.10',
    ...signed,
    'PmtInf/Tx/DrctDbtTx/MndtRltdInf/AmdmntInd=true',
    'PmtInf/Tx/DrctDbtTx/MndtRltdInf/AmdmntInfDtls/OrgnlDbtrAcct/Id/Othr/Id=SMNDA',
    'PmtInf/Tx/DbtrAgt/FinInstnId/BICFI=POFICHBEXXX',
    'PmtInf/Tx/Dbtr/Nm=Ellinika + Zurcher',
    'PmtInf/Tx/Dbtr/PstlAdr/PstCd=8001',
    'PmtInf/Tx/Dbtr/PstlAdr/TwnNm=Zurich',
    'PmtInf/Tx/Dbtr/PstlAdr/Ctry=CH',
    'PmtInf/Tx/Dbtr/PstlAdr/AdrLine=Ramistrasse 1',
    'PmtInf/Tx/DbtrAcct/Id/IBAN=CH9300762011623852957',
    'PmtInf/Tx/RmtInf/Ustrd=F2026/02',
  ])
})

test('a text has only letters that all banks take, and no slash at its ends', () => {
  assert.equal(
    ['/Æsir//Øl/', 'F_2026#7 <b>', '  Łódź \n Straße ', '株式会社', `${'x'.repeat(69)} y`].map((text) =>
      sepaText(text, 70),
    ),
    ['Aesir/Ol', 'F 2026 7 b', 'Lodz Strasse', 'ZhuShiHuiShe', 'x'.repeat(69)],
  )
})

test('the file fits the schema of ISO 20022', async () => {
  const schema = process.env.PAIN_008_XSD ?? ''
  if (!existsSync(schema)) {
    console.log(
      'skipped: PAIN_008_XSD does not name pain.008.001.08.xsd (the package sepaxml of PyPI carries it)',
    )
    return
  }
  const file = join(testFolder(), 'direct-debits.xml')
  writeFileSync(file, await write())
  const judged = await promisify(execFile)('xmllint', ['--noout', '--schema', schema, file]).catch(
    (error) => error,
  )
  assert.match(judged.stderr, /validates$/m)
})

test.run()
