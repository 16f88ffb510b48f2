/**
 * Which rights has each role of a brand's admins? Letters of "crud" per resource, made of what the role `brand` may do at
 * all (`access.ts`): a new resource is the operator's to use and everybody's to read.
 */
import type { BrandRole } from '../identities/brand-role.ts'
import type { Rights } from '../identities/rights.ts'
import { listRights, type Resource } from './access.ts'

/** Who has these has the brand: the owner's alone. */
const ofOwners: readonly Resource[] = ['brand-admins', 'api-keys']
/** Switches alone use them. */
const ofSwitches: readonly Resource[] = ['authorizations', 'call-events', 'engines']
const ofFinance: readonly Resource[] = [
  'invoices',
  'invoice-number-sequences',
  'invoice-schedules',
  'invoice-templates',
  'direct-debit-runs',
  'fixed-costs',
  'taxes',
  'balance-movements',
  'report-schedules',
  'mails',
]

/** null: all that the brand may do. */
export function listBrandRoleRights(role: BrandRole): Rights | null {
  if (role === 'owner') return null
  const rights: Record<string, string> = {}
  for (const [resource, letters] of listRights('brand')) {
    if (ofOwners.includes(resource) || ofSwitches.includes(resource)) continue
    const mayWrite =
      role === 'operator' ? resource !== 'brands' : role === 'finance' && ofFinance.includes(resource)
    const given = mayWrite ? letters : letters.replace(/[cud]/g, '')
    if (given !== '') rights[resource] = given
  }
  return rights
}
