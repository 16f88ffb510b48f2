/** An invoice's document as plain data and back: what a thread is sent is copied, and a Decimal would lose its methods. */
import type { CallItem } from '../../db/invoices/invoice-items.ts'
import { Decimal } from '../../money.ts'
import type { InvoiceDocument } from '../invoice-document.ts'

export interface PlainDocument {
  document: unknown
}
export type PlainItem = Omit<CallItem, 'price'> & { price: string }

/** No name of a field: no document has one like it. */
const decimalMark = '$decimal'

export function toPlain(document: InvoiceDocument): PlainDocument {
  return { document: withoutDecimals(document) }
}

export function fromPlain({ document }: PlainDocument): InvoiceDocument {
  return withDecimals(document) as InvoiceDocument
}

export function toPlainItem(item: CallItem): PlainItem {
  return { ...item, price: item.price.toString() }
}

export function fromPlainItem(item: PlainItem): CallItem {
  return { ...item, price: new Decimal(item.price) }
}

function withoutDecimals(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return { [decimalMark]: value.toString() }
  return eachMember(value, withoutDecimals)
}

function withDecimals(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && decimalMark in value) {
    return new Decimal(String(value[decimalMark]))
  }
  return eachMember(value, withDecimals)
}

function eachMember(value: unknown, change: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member)]))
}
