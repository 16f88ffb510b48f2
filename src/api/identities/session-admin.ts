/**
 * Who has logged in, in JSON: an admin of a client, or of a brand.
 */
import Type from 'typebox'
import type { AdminRow } from '../../db/identities/admins.ts'
import { AdminShown, showAdmin } from './admin-fields.ts'
import { BrandAdminShown, showBrandAdmin } from './brand-admins.ts'

export const SessionAdmin = Type.Union([AdminShown, BrandAdminShown])

export function showSessionAdmin(row: AdminRow) {
  return row.clientId === null ? showBrandAdmin(row) : showAdmin(row)
}
