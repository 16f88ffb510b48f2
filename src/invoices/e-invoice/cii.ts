/**
 * Where UN/CEFACT's Cross Industry Invoice (D16B) puts the terms, in the order of its schema: the syntax of Factur-X.
 * Source: EN 16931-3-3, Factur-X 1.0.07.
 */
import { always, each, fixed, type Layout, leaf, node, writeDocument } from './layout.ts'
import type { Term, Terms } from './terms.ts'

/** In pieces of text. */
export function writeCii(terms: Terms): Iterable<string> {
  return writeDocument(ciiLayout, terms, {
    'xmlns:rsm': 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
    'xmlns:ram': 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
    'xmlns:qdt': 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
    'xmlns:udt': 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
  })
}

function day(name: string, term: Term, type: 'udt' | 'qdt' = 'udt'): Layout {
  return node(
    name,
    leaf(`${type}:DateTimeString`, term, {
      attributes: { format: { text: '102' } },
      write: (text) => text.replaceAll('-', ''),
    }),
  )
}

function party(
  name: string,
  terms: Record<
    'name' | 'legalId' | 'legalScheme' | 'contact' | 'email' | 'postCode' | 'street' | 'city' | 'country',
    Term
  > &
    Record<'subdivision' | 'address' | 'addressScheme' | 'vatId', Term> &
    Partial<Record<'information' | 'telephone' | 'taxRegistration', Term>>,
): Layout {
  const { information, telephone, taxRegistration } = terms
  const phone = telephone
    ? [node('ram:TelephoneUniversalCommunication', leaf('ram:CompleteNumber', telephone))]
    : []
  return node(
    name,
    leaf('ram:Name', terms.name),
    ...(information ? [leaf('ram:Description', information)] : []),
    node(
      'ram:SpecifiedLegalOrganization',
      leaf('ram:ID', terms.legalId, { attributes: { schemeID: terms.legalScheme } }),
    ),
    node(
      'ram:DefinedTradeContact',
      leaf('ram:PersonName', terms.contact),
      ...phone,
      node('ram:EmailURIUniversalCommunication', leaf('ram:URIID', terms.email)),
    ),
    node(
      'ram:PostalTradeAddress',
      leaf('ram:PostcodeCode', terms.postCode),
      leaf('ram:LineOne', terms.street),
      leaf('ram:CityName', terms.city),
      leaf('ram:CountryID', terms.country),
      leaf('ram:CountrySubDivisionName', terms.subdivision),
    ),
    node(
      'ram:URIUniversalCommunication',
      leaf('ram:URIID', terms.address, { attributes: { schemeID: terms.addressScheme } }),
    ),
    taxRegistered(terms.vatId, 'VA'),
    ...(taxRegistration ? [taxRegistered(taxRegistration, 'FC')] : []),
  )
}

function taxRegistered(term: Term, scheme: 'VA' | 'FC'): Layout {
  const attributes = { schemeID: { text: scheme } }
  return node('ram:SpecifiedTaxRegistration', leaf('ram:ID', term, { attributes }))
}

const line = each(
  'BG-25',
  node(
    'ram:IncludedSupplyChainTradeLineItem',
    node('ram:AssociatedDocumentLineDocument', leaf('ram:LineID', 'BT-126')),
    node('ram:SpecifiedTradeProduct', leaf('ram:Name', 'BT-153')),
    node(
      'ram:SpecifiedLineTradeAgreement',
      node('ram:NetPriceProductTradePrice', leaf('ram:ChargeAmount', 'BT-146')),
    ),
    node(
      'ram:SpecifiedLineTradeDelivery',
      leaf('ram:BilledQuantity', 'BT-129', { attributes: { unitCode: 'BT-130' } }),
    ),
    node(
      'ram:SpecifiedLineTradeSettlement',
      node(
        'ram:ApplicableTradeTax',
        fixed('ram:TypeCode', 'VAT'),
        leaf('ram:CategoryCode', 'BT-151'),
        leaf('ram:RateApplicablePercent', 'BT-152'),
      ),
      node('ram:SpecifiedTradeSettlementLineMonetarySummation', leaf('ram:LineTotalAmount', 'BT-131')),
    ),
  ),
)

const agreement = node(
  'ram:ApplicableHeaderTradeAgreement',
  leaf('ram:BuyerReference', 'BT-10'),
  party('ram:SellerTradeParty', {
    name: 'BT-27',
    information: 'BT-33',
    legalId: 'BT-30',
    legalScheme: 'BT-30-1',
    contact: 'BT-41',
    telephone: 'BT-42',
    email: 'BT-43',
    postCode: 'BT-38',
    street: 'BT-35',
    city: 'BT-37',
    country: 'BT-40',
    subdivision: 'BT-39',
    address: 'BT-34',
    addressScheme: 'BT-34-1',
    vatId: 'BT-31',
    taxRegistration: 'BT-32',
  }),
  party('ram:BuyerTradeParty', {
    name: 'BT-44',
    legalId: 'BT-47',
    legalScheme: 'BT-47-1',
    contact: 'BT-56',
    email: 'BT-58',
    postCode: 'BT-53',
    street: 'BT-50',
    city: 'BT-52',
    country: 'BT-55',
    subdivision: 'BT-54',
    address: 'BT-49',
    addressScheme: 'BT-49-1',
    vatId: 'BT-48',
  }),
  node('ram:BuyerOrderReferencedDocument', leaf('ram:IssuerAssignedID', 'BT-13')),
)

const delivery = always(
  node(
    'ram:ApplicableHeaderTradeDelivery',
    node(
      'ram:ShipToTradeParty',
      node(
        'ram:PostalTradeAddress',
        leaf('ram:PostcodeCode', 'BT-78'),
        leaf('ram:CityName', 'BT-77'),
        leaf('ram:CountryID', 'BT-80'),
      ),
    ),
    node('ram:ActualDeliverySupplyChainEvent', day('ram:OccurrenceDateTime', 'BT-72')),
  ),
)

const paymentMeans = node(
  'ram:SpecifiedTradeSettlementPaymentMeans',
  leaf('ram:TypeCode', 'BT-81'),
  node('ram:PayerPartyDebtorFinancialAccount', leaf('ram:IBANID', 'BT-91')),
  node(
    'ram:PayeePartyCreditorFinancialAccount',
    leaf('ram:IBANID', 'BT-84'),
    leaf('ram:AccountName', 'BT-85'),
  ),
  node('ram:PayeeSpecifiedCreditorFinancialInstitution', leaf('ram:BICID', 'BT-86')),
)

const taxes = each(
  'BG-23',
  node(
    'ram:ApplicableTradeTax',
    leaf('ram:CalculatedAmount', 'BT-117'),
    fixed('ram:TypeCode', 'VAT'),
    leaf('ram:ExemptionReason', 'BT-120'),
    leaf('ram:BasisAmount', 'BT-116'),
    leaf('ram:CategoryCode', 'BT-118'),
    leaf('ram:ExemptionReasonCode', 'BT-121'),
    leaf('ram:RateApplicablePercent', 'BT-119'),
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
      'ram:SpecifiedTradeAllowanceCharge',
      always(node('ram:ChargeIndicator', fixed('udt:Indicator', isCharge))),
      leaf('ram:ActualAmount', terms.amount),
      leaf('ram:Reason', terms.reason),
      node(
        'ram:CategoryTradeTax',
        fixed('ram:TypeCode', 'VAT'),
        leaf('ram:CategoryCode', terms.category),
        leaf('ram:RateApplicablePercent', terms.rate),
      ),
    ),
  )
}

const settlement = node(
  'ram:ApplicableHeaderTradeSettlement',
  leaf('ram:CreditorReferenceID', 'BT-90'),
  leaf('ram:PaymentReference', 'BT-83'),
  leaf('ram:InvoiceCurrencyCode', 'BT-5'),
  paymentMeans,
  taxes,
  node('ram:BillingSpecifiedPeriod', day('ram:StartDateTime', 'BT-73'), day('ram:EndDateTime', 'BT-74')),
  allowanceOrCharge('BG-20', 'false', { amount: 'BT-92', reason: 'BT-97', category: 'BT-95', rate: 'BT-96' }),
  allowanceOrCharge('BG-21', 'true', {
    amount: 'BT-99',
    reason: 'BT-104',
    category: 'BT-102',
    rate: 'BT-103',
  }),
  node(
    'ram:SpecifiedTradePaymentTerms',
    leaf('ram:Description', 'BT-20'),
    day('ram:DueDateDateTime', 'BT-9'),
    leaf('ram:DirectDebitMandateID', 'BT-89'),
  ),
  node(
    'ram:SpecifiedTradeSettlementHeaderMonetarySummation',
    leaf('ram:LineTotalAmount', 'BT-106'),
    leaf('ram:ChargeTotalAmount', 'BT-108'),
    leaf('ram:AllowanceTotalAmount', 'BT-107'),
    leaf('ram:TaxBasisTotalAmount', 'BT-109'),
    leaf('ram:TaxTotalAmount', 'BT-110', { attributes: { currencyID: 'BT-5' } }),
    leaf('ram:GrandTotalAmount', 'BT-112'),
    leaf('ram:TotalPrepaidAmount', 'BT-113'),
    leaf('ram:DuePayableAmount', 'BT-115'),
  ),
  node(
    'ram:InvoiceReferencedDocument',
    leaf('ram:IssuerAssignedID', 'BT-25'),
    day('ram:FormattedIssueDateTime', 'BT-26', 'qdt'),
  ),
)

export const ciiLayout = node(
  'rsm:CrossIndustryInvoice',
  node(
    'rsm:ExchangedDocumentContext',
    node('ram:BusinessProcessSpecifiedDocumentContextParameter', leaf('ram:ID', 'BT-23')),
    node('ram:GuidelineSpecifiedDocumentContextParameter', leaf('ram:ID', 'BT-24')),
  ),
  node(
    'rsm:ExchangedDocument',
    leaf('ram:ID', 'BT-1'),
    leaf('ram:TypeCode', 'BT-3'),
    day('ram:IssueDateTime', 'BT-2'),
    node('ram:IncludedNote', leaf('ram:Content', 'BT-22')),
  ),
  node('rsm:SupplyChainTradeTransaction', line, agreement, delivery, settlement),
)
