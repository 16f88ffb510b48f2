/**
 * What may a brand's own admin do? `owner` all that the brand may; `operator` runs it, without its admins, keys and own
 * settings; `finance` reads it and writes what invoices and money take; `viewer` reads.
 *
 * Which resources that is stands in `api/brand-role-rights.ts`.
 */
export const brandRoles = ['owner', 'operator', 'finance', 'viewer'] as const
export type BrandRole = (typeof brandRoles)[number]
