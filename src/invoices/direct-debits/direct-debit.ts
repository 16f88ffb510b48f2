/**
 * What a collection by SEPA direct debit is made of: who collects, by which mandate, and how much.
 *
 * All of it is copied when the run is made: its file says the same for ever, whatever becomes of brand and client.
 */
import type { Decimal } from '../../money.ts'

export interface Creditor {
  name: string
  iban: string
  /** Empty: not known, and not needed within the European Economic Area. */
  bic: string
  creditorId: string
}

export interface Mandate {
  mandateId: string
  signedDay: string
  scheme: 'core' | 'b2b'
  iban: string
  /** Empty: not known. */
  bic: string
  debtor: string
  /** Where the debtor's bank must be told; null within the European Economic Area. */
  address: DebtorAddress | null
}

export interface DebtorAddress {
  street: string
  postalCode: string
  town: string
  country: string
}

export interface NewDirectDebit {
  id: string
  invoiceId: string
  clientId: string
  amount: Decimal
  mandate: Mandate
  /** The mandate was last used with another account. */
  isAccountChanged: boolean
}

export interface DirectDebit extends NewDirectDebit {
  runId: string
  brandId: string
  status: 'pending' | 'booked' | 'returned' | 'cancelled'
  invoiceNumber: string
  clientName: string
  paymentId: string | null
  returnReason: string | null
  returnedAt: number | null
}

export interface NewDirectDebitRun {
  id: string
  brandId: string
  collectionDay: string
  creditor: Creditor
  actor: string
  createdAt: number
}

export interface DebitSum {
  debits: number
  amount: Decimal
}

export interface DirectDebitRun extends NewDirectDebitRun {
  status: 'open' | 'confirmed' | 'cancelled'
  paidAt: number | null
  revision: number
  updatedAt: number
  /** Of all that the file holds, and of what has become of them. */
  total: DebitSum
  booked: DebitSum
  returned: DebitSum
}
