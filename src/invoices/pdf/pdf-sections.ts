/**
 * The parts of the page below its head: lines, taxes, totals, payment, the brand's own texts, page numbers.
 *
 * Each draws at the sheet's place and moves it down; none knows what comes before or after it.
 */
import { withColon } from '../../languages.ts'
import { type Decimal, zero } from '../../money.ts'
import { groupIban } from '../../registers/bank-account.ts'
import { exemptionReason } from '../e-invoice/exemption-reason.ts'
import type { InvoiceLine } from '../invoice.ts'
import type { LineColumnName, SectionName } from '../invoice-template.ts'
import { fillIn } from '../invoice-texts.ts'
import type { Drawing } from './drawing.ts'
import { drawParties } from './pdf-parties.ts'
import { type CellStyle, contentWidth, page } from './pdf-sheet.ts'
import { type Column, PdfTable } from './pdf-table.ts'

export function drawSection(drawing: Drawing, section: Exclude<SectionName, 'items'>): void {
  if (section === 'parties') drawParties(drawing)
  else if (section === 'lines') drawLines(drawing)
  else if (section === 'taxes') drawTaxes(drawing)
  else if (section === 'totals') drawTotals(drawing)
  else if (section === 'payment') drawPayment(drawing)
  else drawText(drawing, drawing.fill(drawing.template.texts[section]))
}

function drawLines({ sheet, invoice, labels, formats, template }: Drawing): void {
  const hasCalls = invoice.lines.some((line) => line.calls !== null)
  // Without calls two columns would be empty; with nothing else, quantity and unit price say nothing.
  const isEmpty = (name: LineColumnName) =>
    ((name === 'calls' || name === 'duration') && !hasCalls) ||
    ((name === 'quantity' || name === 'unitPrice') && invoice.lines.every((line) => line.calls !== null))
  const names = template.lineColumns.filter((name) => !isEmpty(name))
  const columns: Column[] = names.map((name) => ({
    title: labels[name],
    grows: name === 'description',
    align: name === 'description' ? 'left' : 'right',
  }))
  const write: Record<LineColumnName, (line: InvoiceLine) => string> = {
    description: (line) => line.description,
    calls: (line) => (line.calls ? formats.count(line.calls.calls) : ''),
    duration: (line) => (line.calls ? formats.duration(line.calls.billedSeconds) : ''),
    quantity: (line) => (line.calls ? '' : formats.quantity(line.quantity)),
    unitPrice: (line) => (line.calls ? '' : formats.price(line.unitPrice)),
    tax: (line) => line.taxes.map((tax) => formats.percent(tax.rate)).join(' + '),
    net: (line) => formats.money(line.net),
  }
  const rows = invoice.lines.map((line) => names.map((name) => write[name](line)))
  const table = new PdfTable(sheet, columns, { size: 9, sample: rows })
  for (const texts of rows) table.row(texts, { wraps: names[0] === 'description' })
  table.end()
  sheet.y += 2
  sheet.rule()
  sheet.y += 14
}

/** Each tax with what it is charged on, and why nothing is where nothing is. */
function drawTaxes({ sheet, invoice, labels, formats }: Drawing): void {
  if (invoice.taxes.length === 0) return
  sheet.needRoom(20 * (invoice.taxes.length + 1))
  const rows = invoice.taxes.map((group) => {
    const reason = group.reason ?? exemptionReason(group, invoice.language)
    return [
      reason && !isSaidBy(group.name, reason) ? `${group.name} – ${reason}` : group.name,
      formats.money(group.base),
      formats.percent(group.rate),
      formats.money(group.amount),
    ]
  })
  const columns: Column[] = [
    { title: labels.tax, align: 'left', grows: true },
    { title: labels.taxBase, align: 'right' },
    { title: '%', align: 'right' },
    { title: labels.taxAmount, align: 'right' },
  ]
  const table = new PdfTable(sheet, columns, { size: 8.5, sample: rows })
  for (const texts of rows) table.row(texts, { wraps: true })
  table.end()
  sheet.y += 14
}

/** Many a tax is named for its reason. */
function isSaidBy(name: string, reason: string): boolean {
  return name.toLowerCase().includes(reason.toLowerCase().replace(/\.$/, ''))
}

function drawTotals({ sheet, invoice, labels, formats, amountDue }: Drawing): void {
  const isNote = invoice.kind === 'credit-note'
  const rows: [string, Decimal, 'plain' | 'strong'][] = [
    [labels.subtotal, invoice.net, 'plain'],
    [labels.tax, invoice.tax, 'plain'],
    [labels.total, invoice.total, 'strong'],
  ]
  const settled = invoice.total.minus(amountDue)
  if (settled.gt(0)) rows.push([labels.prepaid, settled.negated(), 'plain'])
  if (!isNote) rows.push([labels.amountDue, amountDue.lt(0) ? zero : amountDue, 'strong'])
  sheet.needRoom(rows.length * 18 + 10)
  const x = page.left + contentWidth * 0.5
  const width = contentWidth * 0.5
  for (const [name, amount, weight] of rows) {
    const style: CellStyle =
      weight === 'strong' ? { size: 11, weight: 'bold', color: sheet.colors.accent } : { size: 9.5 }
    const y = sheet.y
    sheet.tags.leaf('P', () => {
      sheet.cell(name, { x, y, width: width * 0.6 }, style)
      sheet.cell(
        formats.money(amount),
        { x: x + width * 0.5, y, width: width * 0.5 },
        { ...style, align: 'right' },
      )
    })
    sheet.y += 18
    if (weight === 'strong') {
      sheet.rule(x)
      sheet.y += 5
    }
  }
  sheet.y += 12
}

function drawPayment(drawing: Drawing): void {
  const { invoice, seller, buyer, labels, amountDue } = drawing
  if (invoice.total.gt(0) && amountDue.isZero()) drawText(drawing, labels.nothingDue)
  if (!amountDue.gt(0) || invoice.kind !== 'invoice') return
  const isDebited = buyer.mandateId !== '' && seller.creditorId !== '' && invoice.currency === 'EUR'
  if (isDebited) {
    const { mandateId: mandate, iban } = buyer
    const values = { iban: groupIban(iban), mandate, creditor: seller.creditorId }
    drawText(drawing, fillIn(labels.directDebit, values))
  } else if (seller.iban) {
    const bic = seller.bic ? ` · BIC ${seller.bic}` : ''
    drawText(
      drawing,
      `${withColon(labels.paymentTo, invoice.language)} ${seller.name} · IBAN ${groupIban(seller.iban)}${bic}`,
    )
  }
  // Code de commerce, article L441-9: an invoice without these words is fined.
  if (seller.country === 'FR') drawText(drawing, labels.latePayment)
}

function drawText({ sheet }: Drawing, text: string): void {
  if (text === '') return
  const style: CellStyle = { size: 9 }
  const lines = sheet.breakLines(text, contentWidth, style)
  for (const line of lines) {
    sheet.needRoom(14)
    sheet.tags.leaf('P', () => sheet.cell(line, { x: page.left, y: sheet.y, width: contentWidth }, style))
    sheet.y += 14
  }
  sheet.y += 8
}

/** Page n of m at the foot of each page, when m is known; the brand's footer beside it. */
export function drawPageFooters({ sheet, labels, fill, template, invoice, seller }: Drawing): void {
  const { pdf } = sheet
  const { start, count } = pdf.bufferedPageRange()
  for (let i = start; i < start + count; i++) {
    sheet.returnToPage(i)
    const y = page.height - page.bottom + 24
    const numbered = fillIn(labels.page, { page: String(i + 1), pages: String(count) })
    const left = fill(template.texts.footer) || [seller.name, invoice.number].filter(Boolean).join(' · ')
    sheet.tags.artifact(() => {
      const style: CellStyle = { size: 8, color: sheet.colors.muted }
      sheet.cell(left, { x: page.left, y, width: contentWidth * 0.75 }, style)
      sheet.cell(numbered, { x: page.left, y, width: contentWidth }, { ...style, align: 'right' })
    })
  }
}
