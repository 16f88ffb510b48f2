/**
 * Every table of Tollgate: what a row means, who writes it, when it appears. One file of `schema/` per subject.
 *
 * Row-level security, grants, triggers and roles stand in the migrations beside the tables they guard
 * (`drizzle/`), since drizzle's schema language has no words for most of them.
 */

export * from './schema/accounts.ts'
export * from './schema/allowances.ts'
export * from './schema/brands.ts'
export * from './schema/calls.ts'
export * from './schema/clients.ts'
export * from './schema/configuration.ts'
export * from './schema/direct-debits.ts'
export * from './schema/guards.ts'
export * from './schema/identities.ts'
export * from './schema/invoices.ts'
export * from './schema/invoicing.ts'
export * from './schema/leases.ts'
export * from './schema/messages.ts'
export * from './schema/old-calls.ts'
export * from './schema/reports.ts'
export * from './schema/retention.ts'
export * from './schema/tariffs.ts'
export * from './schema/webhooks.ts'
