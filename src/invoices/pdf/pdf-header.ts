/**
 * The head of the first page: the logo on the left, what the document is on the right.
 *
 * It shows what stood fast at issue: a payment that comes later changes nothing in it.
 */
import { withColon } from '../../languages.ts'
import { lastDayBefore } from '../invoice-texts.ts'
import { amountDueAtIssue } from '../stored-invoice.ts'
import type { Drawing } from './drawing.ts'
import { type CellStyle, contentWidth, page } from './pdf-sheet.ts'

const factStyle: CellStyle = { size: 9, align: 'right' }

export function drawHeader(drawing: Drawing): void {
  const { sheet, title, picture, invoice } = drawing
  const top = sheet.y
  if (picture !== null) {
    // `image` takes an opened picture, too, which its types leave out.
    const opened = picture as unknown as Buffer
    const draw = () => sheet.pdf.image(opened, page.left, top, { fit: [170, 54] })
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
  const facts = headerFacts(drawing)
  const factWidth = Math.min(170, Math.max(...facts.map(([, value]) => sheet.measure(value, factStyle))))
  let y = top + 32
  for (const [name, value] of facts) {
    sheet.tags.leaf('P', () => {
      const label: CellStyle = { ...factStyle, color: sheet.colors.muted }
      // Long words may reach to the left, where the logo leaves room.
      sheet.cell(withColon(name, invoice.language), { x: x - 70, y, width: width + 60 - factWidth }, label)
      for (const line of sheet.breakLines(value, factWidth, factStyle)) {
        sheet.cell(line, { x: x + width - factWidth, y, width: factWidth }, factStyle)
        y += 14
      }
    })
  }
  sheet.y = Math.max(y, top + 60) + 18
}

/** Names and values, in the order in which they are printed. */
function headerFacts({ invoice, buyer, labels, formats, corrects }: Drawing): [string, string][] {
  const { from, to } = invoice.period
  const facts: [string, string][] = []
  if (invoice.number !== null) facts.push([labels.number, invoice.number])
  if (invoice.issueDay !== null) facts.push([labels.issuedOn, formats.day(invoice.issueDay)])
  const days = [...new Set([formats.day(from), formats.day(lastDayBefore(to))])]
  facts.push([labels.period, days.join(' – ')])
  if (invoice.dueDay !== null && amountDueAtIssue(invoice).gt(0)) {
    facts.push([labels.dueOn, formats.day(invoice.dueDay)])
  }
  if (buyer.buyerReference) facts.push([labels.buyerReference, buyer.buyerReference])
  if (buyer.purchaseOrder) facts.push([labels.purchaseOrder, buyer.purchaseOrder])
  if (corrects) {
    facts.push([labels.corrects, `${corrects.number} (${formats.day(corrects.issueDay)})`])
  }
  if (invoice.reason) facts.push([labels.reason, invoice.reason])
  return facts
}
