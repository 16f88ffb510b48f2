/**
 * Was each wanted invoice issued once, under a number without a gap, and mailed under one message id?
 */
import type postgres from 'postgres'
import type { SmtpSink } from '../notifications/smtp-sink.ts'
import type { Checked } from './check-books.ts'

export interface WantedInvoices {
  clientId: string
  /** First days of their periods. */
  days: readonly string[]
  mails: SmtpSink['mails']
}

export async function checkInvoices(
  sql: postgres.Sql,
  { clientId, days, mails }: WantedInvoices,
): Promise<Checked[]> {
  const issued = await sql<{ day: string; number: string }[]>`
    select period_from::text as day, number from invoices
    where client_id = ${clientId} and status <> 'draft' order by series_number`
  return [checkNumbers(issued, days), checkMails(issued, mails)]
}

function checkNumbers(issued: readonly { day: string; number: string }[], days: readonly string[]): Checked {
  const faults: string[] = []
  for (const day of days) {
    const times = issued.filter((invoice) => invoice.day === day).length
    if (times === 0) faults.push(`LOST the invoice of ${day}`)
    if (times > 1) faults.push(`DOUBLED (${times}) the invoice of ${day}`)
  }
  for (const [index, { number }] of issued.entries())
    if (Number(number.split('-')[1]) !== index + 1) faults.push(`${number} is number ${index + 1}`)
  return {
    id: 'I9',
    claim: 'each invoice was issued once, numbers have no gap',
    looked: issued.length,
    faults,
  }
}

/** Mails may come twice, under the same message id. */
function checkMails(issued: readonly { number: string }[], mails: WantedInvoices['mails']): Checked {
  const ids = new Map<string, Set<string>>()
  for (const { parsed } of mails) {
    const number = /F\d{4}-\d+/.exec(parsed.subject ?? '')?.[0] ?? `no number in ${parsed.subject}`
    ids.set(number, (ids.get(number) ?? new Set()).add(parsed.messageId ?? ''))
  }
  const faults: string[] = []
  for (const { number } of issued) {
    const count = ids.get(number)?.size ?? 0
    if (count === 0) faults.push(`LOST the mail of ${number}`)
    if (count > 1) faults.push(`DOUBLED (${count}) the mail of ${number}`)
    ids.delete(number)
  }
  for (const number of ids.keys()) faults.push(`a mail told of ${number}, which was not issued`)
  return {
    id: 'I10',
    claim: 'each invoice was mailed, once but for repeats',
    looked: mails.length,
    faults,
  }
}
