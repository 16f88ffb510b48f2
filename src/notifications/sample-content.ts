/**
 * What a mail of each kind might tell: for previews, and to try a template before it is stored.
 *
 * `complete` has a value everywhere; in `sparse` whatever may be absent is.
 */
import type { MailContent, MailKind } from './mail-content.ts'

/** The brand of made-up mails. */
export const sampleBrand = 'Example Telecom'

export interface SampleLocale {
  language: string
  timeZone: string
  currency: string
}

export function sampleContent(
  kind: MailKind,
  { language, timeZone, currency }: SampleLocale,
  fill: 'complete' | 'sparse' = 'complete',
): MailContent {
  const isComplete = fill === 'complete'
  const client = { clientName: 'Acme', language, timeZone, currency }
  if (kind === 'max-daily-usage') {
    return {
      ...client,
      limit: isComplete ? '50' : null,
      usage: '1234.5678',
      day: '2026-01-31',
      ...(isComplete ? { reserved: '0.8' } : {}),
    }
  }
  if (kind === 'low-balance') {
    return { ...client, balance: '-4.25', threshold: '10', at: '2026-01-31T23:30:00.000Z' }
  }
  if (kind === 'allowance-low') {
    return {
      ...client,
      itemName: 'Spain 100',
      unit: isComplete ? 'seconds' : 'money',
      percent: 80,
      used: '4800',
      included: '6000',
      at: '2026-01-31T23:30:00.000Z',
    }
  }
  if (kind === 'spend-guard') {
    return {
      ...client,
      guardName: 'High-risk numbers',
      action: 'deny',
      limitName: isComplete ? 'spendPerHour' : 'newCountries',
      limitValue: isComplete ? '10' : 'deny',
      spent: isComplete ? '9.75' : null,
      at: '2026-01-31T23:30:00.000Z',
    }
  }
  if (kind === 'password-reset') {
    return {
      ...client,
      adminId: '01946000-0000-7000-8000-000000000001',
      username: 'ana',
      expiresAt: '2026-01-31T23:30:00.000Z',
      link: 'https://billing.example.com/portal/new-password#token',
    }
  }
  const number = 'F2026-0007'
  if (kind === 'invoice-reminder') {
    return { ...client, number, total: '1234.5', amountDue: '1000', dueDay: '2026-03-02', daysLate: 10 }
  }
  if (kind === 'payment-receipt') {
    return {
      ...client,
      ...{ number, amount: '234.5', paidOn: '2026-03-02' },
      method: isComplete ? 'transfer' : null,
      reference: isComplete ? 'RF18 5390 0754 7034' : null,
      amountDue: isComplete ? '1000' : '0',
    }
  }
  const period = { from: '2026-01-01', to: '2026-02-01' }
  if (kind === 'call-report') {
    return { ...client, ...period, calls: 12_345, durationSeconds: 111_909, amount: '99.1234' }
  }
  return {
    ...client,
    ...period,
    kind: isComplete ? 'invoice' : 'credit-note',
    number,
    total: isComplete ? '1234.5' : '-1234.5',
    amountDue: isComplete ? '1234.5' : '0',
    dueDay: isComplete ? '2026-03-02' : null,
  }
}
