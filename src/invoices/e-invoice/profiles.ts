/** The profiles in which networks and countries take e-invoices, each a narrower form of EN 16931. */
export const eInvoiceProfiles = ['en16931', 'peppol-bis-3', 'xrechnung-3'] as const
export type EInvoiceProfile = (typeof eInvoiceProfiles)[number]

export const profileNames: Readonly<Record<EInvoiceProfile, string>> = {
  en16931: 'EN 16931',
  'peppol-bis-3': 'Peppol BIS Billing 3',
  'xrechnung-3': 'XRechnung 3.0',
}
