/**
 * Where UBL 2.1 puts the terms, in the order of its schemas. An invoice and a credit note are documents of two kinds there.
 * Source: EN 16931-3-2.
 */
import { always, each, fixed, type Layout, leaf, node, writeDocument } from './layout.ts'
import type { Term, Terms } from './terms.ts'

type Kind = 'Invoice' | 'CreditNote'

/** UNCL 1001. */
export const creditNoteCode = '381'

/** In pieces of text. */
export function writeUbl(terms: Terms): Iterable<string> {
  const kind = terms.values['BT-3'] === creditNoteCode ? 'CreditNote' : 'Invoice'
  return writeDocument(ublLayout(kind), terms, {
    xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${kind}-2`,
    'xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
    'xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
  })
}

export function ublLayout(kind: Kind): Layout {
  // A credit note has no due date of its own: nobody pays it.
  const dueDate = kind === 'Invoice' ? [leaf('cbc:DueDate', 'BT-9')] : []
  return node(
    kind,
    leaf('cbc:CustomizationID', 'BT-24'),
    leaf('cbc:ProfileID', 'BT-23'),
    leaf('cbc:ID', 'BT-1'),
    leaf('cbc:IssueDate', 'BT-2'),
    ...dueDate,
    leaf(`cbc:${kind}TypeCode`, 'BT-3'),
    leaf('cbc:Note', 'BT-22'),
    leaf('cbc:DocumentCurrencyCode', 'BT-5'),
    leaf('cbc:BuyerReference', 'BT-10'),
    node('cac:InvoicePeriod', leaf('cbc:StartDate', 'BT-73'), leaf('cbc:EndDate', 'BT-74')),
    node('cac:OrderReference', leaf('cbc:ID', 'BT-13')),
    node(
      'cac:BillingReference',
      node('cac:InvoiceDocumentReference', leaf('cbc:ID', 'BT-25'), leaf('cbc:IssueDate', 'BT-26')),
    ),
    node('cac:AccountingSupplierParty', seller),
    node('cac:AccountingCustomerParty', buyer),
    delivery,
    paymentMeans,
    node('cac:PaymentTerms', leaf('cbc:Note', 'BT-20')),
    allowanceOrCharge('BG-20', 'false', {
      amount: 'BT-92',
      reason: 'BT-97',
      category: 'BT-95',
      rate: 'BT-96',
    }),
    allowanceOrCharge('BG-21', 'true', {
      amount: 'BT-99',
      reason: 'BT-104',
      category: 'BT-102',
      rate: 'BT-103',
    }),
    node('cac:TaxTotal', amount('cbc:TaxAmount', 'BT-110'), taxSubtotal),
    totals,
    line(kind),
  )
}

function amount(name: string, term: Term): Layout {
  return leaf(name, term, { attributes: { currencyID: 'BT-5' } })
}

const taxScheme = (id: 'VAT' | 'FC') => always(node('cac:TaxScheme', fixed('cbc:ID', id)))
const vatScheme = taxScheme('VAT')

const seller = node(
  'cac:Party',
  leaf('cbc:EndpointID', 'BT-34', { attributes: { schemeID: 'BT-34-1' } }),
  node('cac:PartyIdentification', leaf('cbc:ID', 'BT-90', { attributes: { schemeID: { text: 'SEPA' } } })),
  node(
    'cac:PostalAddress',
    leaf('cbc:StreetName', 'BT-35'),
    leaf('cbc:CityName', 'BT-37'),
    leaf('cbc:PostalZone', 'BT-38'),
    leaf('cbc:CountrySubentity', 'BT-39'),
    node('cac:Country', leaf('cbc:IdentificationCode', 'BT-40')),
  ),
  node('cac:PartyTaxScheme', leaf('cbc:CompanyID', 'BT-31'), vatScheme),
  node('cac:PartyTaxScheme', leaf('cbc:CompanyID', 'BT-32'), taxScheme('FC')),
  node(
    'cac:PartyLegalEntity',
    leaf('cbc:RegistrationName', 'BT-27'),
    leaf('cbc:CompanyID', 'BT-30', { attributes: { schemeID: 'BT-30-1' } }),
    leaf('cbc:CompanyLegalForm', 'BT-33'),
  ),
  node(
    'cac:Contact',
    leaf('cbc:Name', 'BT-41'),
    leaf('cbc:Telephone', 'BT-42'),
    leaf('cbc:ElectronicMail', 'BT-43'),
  ),
)

const buyer = node(
  'cac:Party',
  leaf('cbc:EndpointID', 'BT-49', { attributes: { schemeID: 'BT-49-1' } }),
  node(
    'cac:PostalAddress',
    leaf('cbc:StreetName', 'BT-50'),
    leaf('cbc:CityName', 'BT-52'),
    leaf('cbc:PostalZone', 'BT-53'),
    leaf('cbc:CountrySubentity', 'BT-54'),
    node('cac:Country', leaf('cbc:IdentificationCode', 'BT-55')),
  ),
  node('cac:PartyTaxScheme', leaf('cbc:CompanyID', 'BT-48'), vatScheme),
  node(
    'cac:PartyLegalEntity',
    leaf('cbc:RegistrationName', 'BT-44'),
    leaf('cbc:CompanyID', 'BT-47', { attributes: { schemeID: 'BT-47-1' } }),
  ),
  node('cac:Contact', leaf('cbc:Name', 'BT-56'), leaf('cbc:ElectronicMail', 'BT-58')),
)

const delivery = node(
  'cac:Delivery',
  leaf('cbc:ActualDeliveryDate', 'BT-72'),
  node(
    'cac:DeliveryLocation',
    node(
      'cac:Address',
      leaf('cbc:CityName', 'BT-77'),
      leaf('cbc:PostalZone', 'BT-78'),
      node('cac:Country', leaf('cbc:IdentificationCode', 'BT-80')),
    ),
  ),
)

const paymentMeans = node(
  'cac:PaymentMeans',
  leaf('cbc:PaymentMeansCode', 'BT-81'),
  leaf('cbc:PaymentID', 'BT-83'),
  node(
    'cac:PayeeFinancialAccount',
    leaf('cbc:ID', 'BT-84'),
    leaf('cbc:Name', 'BT-85'),
    node('cac:FinancialInstitutionBranch', leaf('cbc:ID', 'BT-86')),
  ),
  node(
    'cac:PaymentMandate',
    leaf('cbc:ID', 'BT-89'),
    node('cac:PayerFinancialAccount', leaf('cbc:ID', 'BT-91')),
  ),
)

function allowanceOrCharge(
  group: 'BG-20' | 'BG-21',
  isCharge: 'true' | 'false',
  terms: Record<'amount' | 'reason' | 'category' | 'rate', Term>,
): Layout {
  return each(
    group,
    node(
      'cac:AllowanceCharge',
      fixed('cbc:ChargeIndicator', isCharge),
      leaf('cbc:AllowanceChargeReason', terms.reason),
      amount('cbc:Amount', terms.amount),
      node('cac:TaxCategory', leaf('cbc:ID', terms.category), leaf('cbc:Percent', terms.rate), vatScheme),
    ),
  )
}

const taxSubtotal = each(
  'BG-23',
  node(
    'cac:TaxSubtotal',
    amount('cbc:TaxableAmount', 'BT-116'),
    amount('cbc:TaxAmount', 'BT-117'),
    node(
      'cac:TaxCategory',
      leaf('cbc:ID', 'BT-118'),
      leaf('cbc:Percent', 'BT-119'),
      leaf('cbc:TaxExemptionReasonCode', 'BT-121'),
      leaf('cbc:TaxExemptionReason', 'BT-120'),
      vatScheme,
    ),
  ),
)

const totals = node(
  'cac:LegalMonetaryTotal',
  amount('cbc:LineExtensionAmount', 'BT-106'),
  amount('cbc:TaxExclusiveAmount', 'BT-109'),
  amount('cbc:TaxInclusiveAmount', 'BT-112'),
  amount('cbc:AllowanceTotalAmount', 'BT-107'),
  amount('cbc:ChargeTotalAmount', 'BT-108'),
  amount('cbc:PrepaidAmount', 'BT-113'),
  amount('cbc:PayableAmount', 'BT-115'),
)

function line(kind: Kind): Layout {
  const quantity = kind === 'Invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity'
  return each(
    'BG-25',
    node(
      `cac:${kind}Line`,
      leaf('cbc:ID', 'BT-126'),
      leaf(quantity, 'BT-129', { attributes: { unitCode: 'BT-130' } }),
      amount('cbc:LineExtensionAmount', 'BT-131'),
      node(
        'cac:Item',
        leaf('cbc:Name', 'BT-153'),
        node('cac:ClassifiedTaxCategory', leaf('cbc:ID', 'BT-151'), leaf('cbc:Percent', 'BT-152'), vatScheme),
      ),
      node('cac:Price', amount('cbc:PriceAmount', 'BT-146')),
    ),
  )
}
