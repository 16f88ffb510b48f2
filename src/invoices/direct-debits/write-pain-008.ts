/**
 * A run as the file that banks take: pain.008.001.08 of ISO 20022, as SEPA's rulebooks of direct debits use it.
 *
 * One block for each scheme, Core and B2B. Every collection is `RCUR`: since 2016 the first one need not be told apart. A
 * bank without BIC is found by its IBAN. Made from what was copied into the run, in pieces: the file is the same whenever
 * it is fetched. Sources: EPC130-08 and EPC131-08, the implementation guidelines between creditor and bank.
 */
import type { Decimal } from '../../money.ts'
import { element, textElement, writeElement, type XmlElement, xmlDeclaration } from '../xml-element.ts'
import type { DebtorAddress, DirectDebit, DirectDebitRun, Mandate } from './direct-debit.ts'
import { sepaText } from './sepa-text.ts'

export const pain008Namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.008.001.08'
const maxName = 70

export interface SchemeBlock {
  scheme: Mandate['scheme']
  debits: number
  amount: Decimal
}

export async function* writePain008(
  run: DirectDebitRun,
  blocks: readonly SchemeBlock[],
  readDebits: (scheme: Mandate['scheme']) => AsyncIterable<readonly DirectDebit[]>,
): AsyncGenerator<string, void> {
  yield `${xmlDeclaration}<Document xmlns="${pain008Namespace}">\n<CstmrDrctDbtInitn>\n`
  yield writeElement(groupHeader(run))
  for (const block of blocks) {
    yield '<PmtInf>\n'
    yield blockHeader(run, block)
      .map((part) => writeElement(part))
      .join('')
    for await (const debits of readDebits(block.scheme)) {
      yield debits.map((debit) => writeElement(transaction(debit))).join('')
    }
    yield '</PmtInf>\n'
  }
  yield '</CstmrDrctDbtInitn>\n</Document>\n'
}

function groupHeader({ id, createdAt, creditor, total }: DirectDebitRun): XmlElement {
  return element(
    'GrpHdr',
    {},
    textElement('MsgId', reference(id)),
    textElement('CreDtTm', new Date(createdAt).toISOString().slice(0, 19)),
    textElement('NbOfTxs', String(total.debits)),
    textElement('CtrlSum', euros(total.amount)),
    element('InitgPty', {}, textElement('Nm', sepaText(creditor.name, maxName))),
  )
}

function blockHeader(
  { id, collectionDay, creditor }: DirectDebitRun,
  { scheme, debits, amount }: SchemeBlock,
): XmlElement[] {
  return [
    element('PmtInfId', {}, `${reference(id)}-${scheme === 'b2b' ? 'B' : 'C'}`),
    element('PmtMtd', {}, 'DD'),
    element('NbOfTxs', {}, String(debits)),
    element('CtrlSum', {}, euros(amount)),
    element(
      'PmtTpInf',
      {},
      element('SvcLvl', {}, textElement('Cd', 'SEPA')),
      element('LclInstrm', {}, textElement('Cd', scheme === 'b2b' ? 'B2B' : 'CORE')),
      textElement('SeqTp', 'RCUR'),
    ),
    element('ReqdColltnDt', {}, collectionDay),
    element('Cdtr', {}, textElement('Nm', sepaText(creditor.name, maxName))),
    element('CdtrAcct', {}, account(creditor.iban)),
    element('CdtrAgt', {}, bank(creditor.bic)),
    element('ChrgBr', {}, 'SLEV'),
    element(
      'CdtrSchmeId',
      {},
      element(
        'Id',
        {},
        element(
          'PrvtId',
          {},
          element(
            'Othr',
            {},
            textElement('Id', creditor.creditorId),
            element('SchmeNm', {}, textElement('Prtry', 'SEPA')),
          ),
        ),
      ),
    ),
  ]
}

function transaction(debit: DirectDebit): XmlElement {
  const { id, amount, mandate, isAccountChanged, invoiceNumber } = debit
  return element(
    'DrctDbtTxInf',
    {},
    element('PmtId', {}, textElement('EndToEndId', reference(id))),
    element('InstdAmt', { Ccy: 'EUR' }, euros(amount)),
    element(
      'DrctDbtTx',
      {},
      element(
        'MndtRltdInf',
        {},
        textElement('MndtId', mandate.mandateId),
        textElement('DtOfSgntr', mandate.signedDay),
        ...(isAccountChanged ? amendment : []),
      ),
    ),
    element('DbtrAgt', {}, bank(mandate.bic)),
    element(
      'Dbtr',
      {},
      textElement('Nm', sepaText(mandate.debtor, maxName)),
      mandate.address !== null && postalAddress(mandate.address),
    ),
    element('DbtrAcct', {}, account(mandate.iban)),
    element('RmtInf', {}, textElement('Ustrd', sepaText(invoiceNumber, 140))),
  )
}

/** "Same mandate, new debtor account": banks refuse a mandate that moved without a word. */
const amendment: readonly XmlElement[] = [
  element('AmdmntInd', {}, 'true'),
  element(
    'AmdmntInfDtls',
    {},
    element('OrgnlDbtrAcct', {}, element('Id', {}, element('Othr', {}, textElement('Id', 'SMNDA')))),
  ),
]

/** Town and country as fields of their own; the street as a line, since it is kept as one. */
function postalAddress({ street, postalCode, town, country }: DebtorAddress): XmlElement {
  return element(
    'PstlAdr',
    {},
    textElement('PstCd', sepaText(postalCode, 16)),
    textElement('TwnNm', sepaText(town, 35)),
    textElement('Ctry', country),
    textElement('AdrLine', sepaText(street, 70)),
  )
}

const account = (iban: string): XmlElement => element('Id', {}, textElement('IBAN', iban))

function bank(bic: string): XmlElement {
  const known = bic === '' ? element('Othr', {}, textElement('Id', 'NOTPROVIDED')) : textElement('BICFI', bic)
  return element('FinInstnId', {}, known)
}

/** References have 35 characters at most: an id without its dashes. */
const reference = (id: string): string => id.replaceAll('-', '')

const euros = (amount: Decimal): string => amount.toFixed(2)
