/**
 * What does a profile ask of the two parties? Each rule by the name that its publisher gave it, with the field of brand or
 * client that meets it. A rule here needs no invoice: what is missing is known before the month ends.
 *
 * Sources: EN 16931-1; Peppol BIS Billing 3, with the rules of seller's countries; XRechnung 3.0.
 */
import { readIban } from '../../registers/bank-account.ts'
import { isPeppolScheme } from '../../registers/electronic-address.ts'
import { readTaxNumber } from '../../registers/tax-number.ts'
import type { Party } from '../invoice.ts'
import { partyIds, sellerIds } from './party-terms.ts'
import type { EInvoiceProfile } from './profiles.ts'

export interface Parties {
  seller: Party
  buyer: Party
}

/** By the names that the API gives them. */
type PartyField =
  | 'taxId'
  | 'postalAddress'
  | 'postalCode'
  | 'town'
  | 'country'
  | 'email'
  | 'phone'
  | 'iban'
  | 'contactName'
  | 'endpointId'
  | 'creditorId'
  | 'buyerReference'

interface PartyRule {
  rule: string
  of: keyof Parties
  field: PartyField
  isMet: (parties: Parties) => boolean
  /** What is wrong with the field; `is missing` where this is absent. */
  detail?: string
}

export interface Missing {
  rule: string
  of: keyof Parties
  field: PartyField
  detail: string
}

export function findMissing(parties: Parties, profile: EInvoiceProfile): Missing[] {
  return rulesFor(parties, profile).flatMap(({ rule, of, field, isMet, detail = 'is missing' }) =>
    isMet(parties) ? [] : [{ rule, of, field, detail: `${detail} (${rule})` }],
  )
}

function rulesFor({ seller, buyer }: Parties, profile: EInvoiceProfile): readonly PartyRule[] {
  if (profile === 'en16931') return standard
  if (profile === 'xrechnung-3') return [...standard, ...network, ...german('BR-DE-')]
  const isDomestic = seller.country === buyer.country
  return [
    ...standard,
    ...network,
    ...peppol,
    ...(peppolBySeller[seller.country] ?? []),
    ...(isDomestic ? (peppolAtHome[seller.country] ?? []) : []),
  ]
}

const has =
  (of: keyof Parties, field: keyof Party) =>
  (parties: Parties): boolean =>
    parties[of][field].trim() !== ''

const standard: readonly PartyRule[] = [
  { rule: 'BR-09', of: 'seller', field: 'country', isMet: has('seller', 'country') },
  { rule: 'BR-11', of: 'buyer', field: 'country', isMet: has('buyer', 'country') },
  { rule: 'BR-CO-26', of: 'seller', field: 'taxId', isMet: has('seller', 'taxId') },
]

/** KoSIT's validator asks the same of an XRechnung by Peppol's names. */
const network: readonly PartyRule[] = [
  { rule: 'PEPPOL-EN16931-R020', of: 'seller', field: 'endpointId', isMet: has('seller', 'endpointValue') },
  { rule: 'PEPPOL-EN16931-R010', of: 'buyer', field: 'endpointId', isMet: has('buyer', 'endpointValue') },
]

const isKnownToPeppol = ({ endpointScheme }: Party) => endpointScheme === '' || isPeppolScheme(endpointScheme)

const peppol: readonly PartyRule[] = [
  {
    rule: 'PEPPOL-EN16931-R003',
    of: 'buyer',
    field: 'buyerReference',
    isMet: ({ buyer }) => buyer.buyerReference.trim() !== '' || buyer.purchaseOrder.trim() !== '',
    detail: 'is missing, and so is purchaseOrder: one of them is needed',
  },
  ...(['seller', 'buyer'] as const).map((of) => ({
    rule: 'PEPPOL-EN16931-CL008',
    of,
    field: 'endpointId' as const,
    isMet: (parties: Parties) => isKnownToPeppol(parties[of]),
    detail: 'is of a scheme that Peppol does not have',
  })),
]

/** XRechnung's rules, which Peppol has under other names for a German seller and buyer. */
function german(prefix: 'BR-DE-' | 'DE-R-'): readonly PartyRule[] {
  const named = (number: number) => prefix + String(number).padStart(prefix === 'DE-R-' ? 3 : 0, '0')
  const sellerRule = (number: number, field: PartyField, inParty: keyof Party): PartyRule => ({
    rule: named(number),
    of: 'seller',
    field,
    isMet: has('seller', inParty),
  })
  const isDebited = ({ buyer }: Parties) => buyer.mandateId !== ''
  return [
    {
      rule: named(1),
      of: 'seller',
      field: 'iban',
      isMet: (parties) => isDebited(parties) || readIban(parties.seller.iban) !== undefined,
    },
    {
      rule: named(2),
      of: 'seller',
      field: 'contactName',
      isMet: ({ seller }) =>
        [seller.contactName, seller.phone, seller.email].some((text) => text.trim() !== ''),
      detail: 'is missing, and so are phone and email',
    },
    sellerRule(3, 'town', 'town'),
    sellerRule(4, 'postalCode', 'postalCode'),
    sellerRule(5, 'contactName', 'contactName'),
    sellerRule(6, 'phone', 'phone'),
    sellerRule(7, 'email', 'email'),
    { rule: named(8), of: 'buyer', field: 'town', isMet: has('buyer', 'town') },
    { rule: named(9), of: 'buyer', field: 'postalCode', isMet: has('buyer', 'postalCode') },
    { rule: named(15), of: 'buyer', field: 'buyerReference', isMet: has('buyer', 'buyerReference') },
    {
      rule: named(30),
      of: 'seller',
      field: 'creditorId',
      isMet: (parties) => !isDebited(parties) || has('seller', 'creditorId')(parties),
    },
    {
      rule: named(31),
      of: 'buyer',
      field: 'iban',
      isMet: (parties) => !isDebited(parties) || has('buyer', 'iban')(parties),
    },
  ]
}

const address = (
  rules: Record<'postalAddress' | 'town' | 'postalCode', string>,
  of: keyof Parties,
): PartyRule[] => [
  { rule: rules.postalAddress, of, field: 'postalAddress', isMet: has(of, 'address') },
  { rule: rules.town, of, field: 'town', isMet: has(of, 'town') },
  { rule: rules.postalCode, of, field: 'postalCode', isMet: has(of, 'postalCode') },
]
const oneRule = (rule: string) => ({ postalAddress: rule, town: rule, postalCode: rule })

/** Registered with the company's register of its country, as `party-terms.ts` finds the number. */
const hasLegalId =
  (of: keyof Parties) =>
  (parties: Parties): boolean =>
    partyIds(parties[of]).legalId !== ''

const isGreekVatNumber = (text: string) => {
  const { state, vatNumber } = readTaxNumber({ country: 'GR', text })
  return state === 'valid' && vatNumber !== null
}

function greekVatNumber(rule: string, of: keyof Parties): PartyRule {
  return {
    ...{ rule, of },
    field: 'taxId',
    isMet: (parties) => isGreekVatNumber(parties[of].taxId),
    detail: 'is not a Greek VAT number: EL and nine digits',
  }
}

/** The number of who is Greek is the address, too. */
function greekEndpoint(rule: string, of: keyof Parties): PartyRule {
  return {
    ...{ rule, of },
    field: 'endpointId',
    isMet: (parties) => parties[of].endpointScheme === '9933' && isGreekVatNumber(parties[of].endpointValue),
    detail: 'is not a Greek VAT number with scheme 9933',
  }
}

/** What Peppol asks of suppliers of a country. */
const peppolBySeller: Readonly<Record<string, readonly PartyRule[]>> = {
  DK: [
    {
      rule: 'DK-R-002',
      of: 'seller',
      field: 'taxId',
      isMet: hasLegalId('seller'),
      detail: 'is not a CVR number',
    },
  ],
  GR: [
    {
      rule: 'GR-R-004-1',
      of: 'seller',
      field: 'country',
      isMet: () => false,
      detail: 'asks for a MARK number of myDATA, which this service does not obtain',
    },
    greekVatNumber('GR-R-003', 'seller'),
    greekEndpoint('GR-R-009', 'seller'),
  ],
  IS: [
    {
      rule: 'IS-R-002',
      of: 'seller',
      field: 'endpointId',
      isMet: hasLegalId('seller'),
      detail: 'is not a kennitala (scheme 0196)',
    },
    { rule: 'IS-R-003', of: 'seller', field: 'postalAddress', isMet: has('seller', 'address') },
    { rule: 'IS-R-003', of: 'seller', field: 'postalCode', isMet: has('seller', 'postalCode') },
  ],
  IT: address({ postalAddress: 'IT-R-002', town: 'IT-R-003', postalCode: 'IT-R-004' }, 'seller'),
  NL: [
    ...address(oneRule('NL-R-002'), 'seller'),
    {
      rule: 'NL-R-007',
      of: 'seller',
      field: 'iban',
      isMet: ({ seller, buyer }) => buyer.mandateId !== '' || readIban(seller.iban) !== undefined,
    },
  ],
  NO: [
    {
      rule: 'NO-R-001',
      of: 'seller',
      field: 'taxId',
      isMet: ({ seller }) => /^(?!NO)|^NO\d{9}MVA$/.test(sellerIds(seller).vatId),
      detail: 'is not a Norwegian VAT number: nine digits and MVA',
    },
  ],
  SE: [
    {
      rule: 'SE-R-001',
      of: 'seller',
      field: 'taxId',
      isMet: ({ seller }) => /^(?!SE)|^SE\d{12}$/.test(sellerIds(seller).vatId),
      detail: 'is not a Swedish VAT number of fourteen signs',
    },
  ],
}

/** And where the buyer is of the same country. */
const peppolAtHome: Readonly<Record<string, readonly PartyRule[]>> = {
  DE: german('DE-R-'),
  GR: [greekVatNumber('GR-R-006', 'buyer'), greekEndpoint('GR-R-010', 'buyer')],
  IS: [
    {
      rule: 'IS-R-004',
      of: 'buyer',
      field: 'endpointId',
      isMet: hasLegalId('buyer'),
      detail: 'is not a kennitala (scheme 0196)',
    },
    { rule: 'IS-R-005', of: 'buyer', field: 'postalAddress', isMet: has('buyer', 'address') },
    { rule: 'IS-R-005', of: 'buyer', field: 'postalCode', isMet: has('buyer', 'postalCode') },
  ],
  NL: address(oneRule('NL-R-004'), 'buyer'),
}
