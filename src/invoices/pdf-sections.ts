/**
 * The parts of the page: heading, parties, lines, taxes, totals, payment, the brand's own texts, page numbers.
 *
 * Each draws at the sheet's place and moves it down; none knows what comes before or after it.
 */
import { type Decimal, zero } from '../money.ts'
import type { InvoiceLine, Party } from './invoice.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import type { Labels } from './invoice-labels.ts'
import type { InvoiceTemplate, LineColumnName, SectionName } from './invoice-template.ts'
import { fillIn } from './invoice-texts.ts'
import type { NumberFormats } from './number-formats.ts'
import { type CellStyle, contentWidth, type PdfSheet, page } from './pdf-sheet.ts'
import { type Column, PdfTable } from './pdf-table.ts'
import { exemptionReason } from './render-invoice-xml.ts'

export interface Drawing extends Omit<InvoiceDocument, 'template'> {
  template: InvoiceTemplate
  labels: Labels
  formats: NumberFormats
  title: string
  sheet: PdfSheet
  /** At issue: what was paid later does not change the document. */
  amountDue: Decimal
  /** Puts the invoice's facts into a brand's text. */
  fill: (text: string) => string
}

export function drawSection(drawing: Drawing, section: Exclude<SectionName, 'items'>): void {
  if (section === 'parties') drawParties(drawing)
  else if (section === 'lines') drawLines(drawing)
  else if (section === 'taxes') drawTaxes(drawing)
  else if (section === 'totals') drawTotals(drawing)
  else if (section === 'payment') drawPayment(drawing)
  else drawText(drawing, drawing.fill(drawing.template.texts[section]))
}

/** Logo on the left, what it is on the right. */
export function drawHeader({ sheet, title, invoice, labels, formats, logo, corrects }: Drawing): void {
  const { pdf } = sheet
  const top = sheet.y
  if (logo !== null) {
    const picture = Buffer.from(logo.slice(logo.indexOf(',') + 1), 'base64')
    const draw = () => pdf.image(picture, page.left, top, { fit: [170, 54] })
    sheet.tags.leaf('Figure', draw, { Alt: new String('Logo') })
  }
  const x = page.left + contentWidth / 2
  const width = contentWidth / 2
  sheet.tags.leaf('H1', () =>
    sheet.cell(
      title,
      { x, y: top, width },
      { size: 20, weight: 'bold', color: sheet.colors.accent, align: 'right' },
    ),
  )
  const facts: [string, string][] = []
  if (invoice.number !== null) facts.push([labels.number, invoice.number])
  if (invoice.issuedAt !== null) facts.push([labels.issuedOn, formats.dayOfInstant(invoice.issuedAt)])
  facts.push([
    labels.period,
    `${formats.day(invoice.period.from)} – ${formats.day(dayBefore(invoice.period.to))}`,
  ])
  if (invoice.dueAt !== null && invoice.status !== 'paid' && !invoice.prepaidAmount.gt(0)) {
    facts.push([labels.dueOn, formats.dayOfInstant(invoice.dueAt)])
  }
  if (corrects)
    facts.push([labels.corrects, `${corrects.number} (${formats.dayOfInstant(corrects.issuedAt)})`])
  if (invoice.reason) facts.push([labels.reason, invoice.reason])
  let y = top + 32
  for (const [name, value] of facts) {
    sheet.tags.leaf('P', () => {
      sheet.cell(
        `${name}:`,
        { x, y, width: width - 150 },
        { size: 9, color: sheet.colors.muted, align: 'right' },
      )
      sheet.cell(value, { x: x + width - 145, y, width: 145 }, { size: 9, align: 'right' })
    })
    y += 14
  }
  sheet.y = Math.max(y, top + 60) + 18
}

function drawParties({ sheet, seller, buyer, labels }: Drawing): void {
  const top = sheet.y
  const left = partyBlock(sheet, { title: labels.from, party: seller, labels, x: page.left, top })
  const x = page.left + contentWidth / 2
  const right = partyBlock(sheet, { title: labels.billedTo, party: buyer, labels, x, top })
  sheet.y = Math.max(left, right) + 20
}

function partyBlock(
  sheet: PdfSheet,
  block: { title: string; party: Party; labels: Labels; x: number; top: number },
): number {
  const { party, x } = block
  const width = contentWidth / 2 - 16
  let y = block.top
  const write = (text: string, style: CellStyle) => {
    sheet.tags.leaf('P', () => {
      for (const line of sheet.linesOf(text, width, style)) {
        sheet.cell(line, { x, y, width }, style)
        y += style.size * 1.5
      }
    })
  }
  write(block.title, { size: 8, color: sheet.colors.muted })
  write(party.name, { size: 10.5, weight: 'bold' })
  const town = [party.postalCode, party.town].filter(Boolean).join(' ')
  const place = [town, party.province, party.country].filter(Boolean).join(', ')
  for (const text of [party.address, place]) if (text) write(text, { size: 9 })
  if (party.taxId) write(`${block.labels.taxId}: ${party.taxId}`, { size: 9 })
  for (const text of [party.phone, party.email, party.registration]) {
    if (text) write(text, { size: 8, color: sheet.colors.muted })
  }
  return y
}

const lineShares: Record<LineColumnName, number> = {
  description: 34,
  calls: 12,
  duration: 12,
  quantity: 11,
  unitPrice: 17,
  tax: 11,
  net: 15,
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
    share: lineShares[name],
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
  const table = new PdfTable(sheet, columns, { size: 9 })
  for (const line of invoice.lines) {
    table.row(
      names.map((name) => write[name](line)),
      { wraps: names[0] === 'description' },
    )
  }
  table.end()
  sheet.y += 2
  sheet.rule()
  sheet.y += 14
}

/** Each tax with what it is charged on, and why nothing is where nothing is. */
function drawTaxes({ sheet, invoice, labels, formats }: Drawing): void {
  if (invoice.taxes.length === 0) return
  sheet.needRoom(20 * (invoice.taxes.length + 1))
  const table = new PdfTable(
    sheet,
    [
      { title: labels.tax, share: 46, align: 'left' },
      { title: labels.taxBase, share: 18, align: 'right' },
      { title: '%', share: 14, align: 'right' },
      { title: labels.taxAmount, share: 18, align: 'right' },
    ],
    { size: 8.5 },
  )
  for (const group of invoice.taxes) {
    const reason = group.reason ?? exemptionReason(group, invoice.language)
    table.row(
      [
        reason ? `${group.name} – ${reason}` : group.name,
        formats.money(group.base),
        formats.percent(group.rate),
        formats.money(group.amount),
      ],
      { wraps: true },
    )
  }
  table.end()
  sheet.y += 14
}

function drawTotals({ sheet, invoice, labels, formats, amountDue }: Drawing): void {
  const isNote = invoice.kind === 'credit-note'
  const rows: [string, Decimal, 'plain' | 'strong'][] = [
    [labels.subtotal, invoice.net, 'plain'],
    [labels.tax, invoice.tax, 'plain'],
    [labels.total, invoice.total, 'strong'],
  ]
  if (invoice.prepaidAmount.gt(0)) rows.push([labels.prepaid, invoice.prepaidAmount.negated(), 'plain'])
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
  const { invoice, seller, labels, amountDue } = drawing
  if (invoice.prepaidAmount.gt(0)) drawText(drawing, labels.nothingDue)
  else if (seller.iban && amountDue.gt(0) && invoice.kind === 'invoice') {
    const bic = seller.bic ? ` · BIC ${seller.bic}` : ''
    drawText(drawing, `${labels.paymentTo}: ${seller.name} · IBAN ${seller.iban}${bic}`)
  }
}

function drawText({ sheet }: Drawing, text: string): void {
  if (text === '') return
  const style: CellStyle = { size: 9 }
  const lines = sheet.linesOf(text, contentWidth, style)
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

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}
