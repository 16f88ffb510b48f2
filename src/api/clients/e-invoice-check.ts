/**
 * `?check=eInvoice`: what brands and clients lack that the profile of their e-invoices asks for, before an invoice does.
 */
import Type, { type Static } from 'typebox'
import { listBrandsById, listProfilesOfClients } from '../../db/clients/brands.ts'
import type { ClientRow } from '../../db/clients/clients.ts'
import type { Tx } from '../../db/connection.ts'
import { brandParty, clientParty, unknownParty } from '../../db/invoices/parties.ts'
import { findMissing, type Missing } from '../../invoices/e-invoice/party-rules.ts'
import { type EInvoiceProfile, eInvoiceProfiles } from '../../invoices/e-invoice/profiles.ts'
import { closed, oneOf } from '../../shapes/fields.ts'

export const eInvoiceCheck = { check: oneOf(['eInvoice'], 'Adds `missing`.') }

export const MissingFields = Type.Array(
  closed({
    profile: oneOf(eInvoiceProfiles),
    rule: Type.String({ examples: ['PEPPOL-EN16931-R010'] }),
    pointer: Type.String({ examples: ['/invoiceData/endpointId'] }),
    detail: Type.String(),
  }),
  { description: 'With `check=eInvoice`: fields that the profile of its e-invoices needs.' },
)
type MissingField = Static<typeof MissingFields>[number]

interface ShownBrand {
  id: string
  name: string
  issuer: unknown
  eInvoiceProfile: string | null
}

/** What the clients themselves lack. */
export async function findMissingOfClients(
  tx: Tx,
  rows: readonly ClientRow[],
): Promise<Map<string, MissingField[]>> {
  const brands = await listBrandsById(tx, [...new Set(rows.map(({ brandId }) => brandId))])
  return new Map(
    rows.map((row) => {
      const brand = brands.get(row.brandId)
      const seller = brand ? brandParty(brand) : unknownParty
      const profile = profileOr(row.eInvoiceProfile ?? brand?.eInvoiceProfile)
      const missing = findMissing({ seller, buyer: clientParty(row) }, profile)
      return [
        row.id,
        missing.filter(({ of }) => of === 'buyer').map((one) => shown(one, profile, placeInClient)),
      ]
    }),
  )
}

/** What the issuer lacks for any profile that it or one of its clients has chosen, towards a buyer of its own country. */
export async function findMissingOfBrand(tx: Tx, brand: ShownBrand): Promise<MissingField[]> {
  const seller = brandParty(brand)
  const buyer = { ...unknownParty, country: seller.country }
  const chosen = await listProfilesOfClients(tx, brand.id)
  const profiles = new Set([brand.eInvoiceProfile, ...chosen].map(profileOr))
  return [...profiles].flatMap((profile) =>
    findMissing({ seller, buyer }, profile)
      .filter(({ of }) => of === 'seller')
      .map((one) => shown(one, profile, (field) => `/issuer/${field}`)),
  )
}

function profileOr(chosen: string | null | undefined): EInvoiceProfile {
  return eInvoiceProfiles.find((profile) => profile === chosen) ?? 'en16931'
}

/** The account of a buyer is its mandate's. */
function placeInClient(field: Missing['field']): string {
  return field === 'iban' ? '/directDebit/iban' : `/invoiceData/${field}`
}

function shown(
  { rule, field, detail }: Missing,
  profile: EInvoiceProfile,
  placeOf: (field: Missing['field']) => string,
): MissingField {
  return { profile, rule, pointer: placeOf(field), detail }
}
