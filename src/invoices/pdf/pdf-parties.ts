/**
 * Who sells and who pays, side by side.
 */
import { withColon } from '../../languages.ts'
import type { Party } from '../invoice.ts'
import { chooseLabels, type Labels } from '../invoice-labels.ts'
import type { NumberFormats } from '../number-formats.ts'
import { taxNumberLabel } from '../tax-number-label.ts'
import type { Drawing } from './drawing.ts'
import { type CellStyle, contentWidth, type PdfSheet, page } from './pdf-sheet.ts'

export function drawParties({ sheet, seller, buyer, invoice, labels, formats }: Drawing): void {
  const { language } = invoice
  const top = sheet.y
  const left = partyBlock(sheet, {
    title: labels.from,
    party: seller,
    language,
    labels,
    formats,
    x: page.left,
    top,
  })
  const x = page.left + contentWidth / 2
  const right = partyBlock(sheet, { title: labels.billedTo, party: buyer, language, labels, formats, x, top })
  sheet.y = Math.max(left, right) + 20
}

function partyBlock(
  sheet: PdfSheet,
  block: {
    title: string
    party: Party
    language: string
    labels: Labels
    formats: NumberFormats
    x: number
    top: number
  },
): number {
  const { party, x } = block
  const width = contentWidth / 2 - 16
  let y = block.top
  const write = (text: string, style: CellStyle) => {
    sheet.tags.leaf('P', () => {
      for (const line of sheet.breakLines(text, width, style)) {
        sheet.cell(line, { x, y, width }, style)
        y += style.size * 1.5
      }
    })
  }
  write(block.title, { size: 8, color: sheet.colors.muted })
  write(party.name, { size: 10.5, weight: 'bold' })
  const town = [party.postalCode, party.town].filter(Boolean).join(' ')
  // Many a province bears the name of its capital.
  const province = party.province === party.town ? '' : party.province
  const country = party.country && block.formats.country(party.country)
  const place = [town, province, country].filter(Boolean).join(', ')
  for (const text of [party.address, place]) if (text) write(text, { size: 9 })
  if (party.taxId) write(`${withColon(taxIdLabel(block), block.language)} ${party.taxId}`, { size: 9 })
  for (const text of [party.phone, party.email, party.registration]) {
    if (text) write(text, { size: 8, color: sheet.colors.muted })
  }
  return y
}

/** A brand's template may have a word of its own for all of them. */
function taxIdLabel({ party, language, labels }: { party: Party; language: string; labels: Labels }): string {
  if (labels.taxId !== chooseLabels(language).taxId) return labels.taxId
  return taxNumberLabel({ language, country: party.country })
}
