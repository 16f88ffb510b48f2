/**
 * Who sells and who buys, as documents show them: made of what brand and client say of themselves, or as it was kept with an
 * issued invoice.
 */
import type { Party } from '../../invoices/invoice.ts'
import { readIban } from '../../registers/bank-account.ts'
import { readJson } from '../json-column.ts'

export interface PartyFields
  extends Partial<Record<'legalName' | 'postalAddress' | keyof Party, string | null>> {
  endpointId?: { scheme: string; value: string } | null
}

/** As the API took it (shapes/settings.ts): checked then. */
export interface StoredMandate {
  mandateId: string
  signedDay: string
  scheme?: 'core' | 'b2b'
  iban: string
  bic?: string
  accountHolder?: string
}

export const unknownParty: Party = {
  name: '',
  taxId: '',
  address: '',
  postalCode: '',
  town: '',
  province: '',
  country: '',
  email: '',
  phone: '',
  iban: '',
  bic: '',
  registration: '',
  contactName: '',
  endpointScheme: '',
  endpointValue: '',
  creditorId: '',
  mandateId: '',
  buyerReference: '',
  purchaseOrder: '',
}

/** One that was kept before parties had a field has nothing in it. */
export function readParty(value: unknown): Party | null {
  const kept = readJson<Partial<Party> | null>(value)
  return kept && { ...unknownParty, ...kept }
}

/** The issuer on documents of the brand. */
export function brandParty(brand: { name: string; issuer: unknown }): Party {
  // Its fields were checked when it was written.
  return toParty(brand.issuer as PartyFields | null, { name: brand.name, country: '' })
}

/** Whom the client's documents are made out to. */
export function clientParty(client: {
  name: string
  countryCode: string | null
  invoiceData: unknown
  directDebit: unknown
}): Party {
  // Both were checked when they were written.
  const fields = client.invoiceData as PartyFields | null
  const mandate = client.directDebit as StoredMandate | null
  const party = toParty(fields, { name: client.name, country: client.countryCode ?? '' })
  return mandate
    ? { ...party, mandateId: mandate.mandateId, iban: mandate.iban, bic: mandate.bic ?? '' }
    : party
}

function toParty(fields: PartyFields | null, fallback: { name: string; country: string }): Party {
  return {
    ...unknownParty,
    name: fields?.legalName || fallback.name,
    taxId: fields?.taxId ?? '',
    address: fields?.postalAddress ?? '',
    postalCode: fields?.postalCode ?? '',
    town: fields?.town ?? '',
    province: fields?.province ?? '',
    country: fields?.country || fallback.country,
    email: fields?.email ?? '',
    phone: fields?.phone ?? '',
    // One that was kept before accounts were checked is no account to be paid to.
    iban: readIban(fields?.iban ?? '') ?? '',
    bic: fields?.bic ?? '',
    registration: fields?.registration ?? '',
    contactName: fields?.contactName ?? '',
    endpointScheme: fields?.endpointId?.scheme ?? '',
    endpointValue: fields?.endpointId?.value ?? '',
    creditorId: fields?.creditorId ?? '',
    buyerReference: fields?.buyerReference ?? '',
    purchaseOrder: fields?.purchaseOrder ?? '',
  }
}
