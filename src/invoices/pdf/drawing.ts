/** What a document is drawn from, in the words and formats of its client, and the sheet it is drawn on. */

import type { Decimal } from '../../money.ts'
import type { InvoiceDocument } from '../invoice-document.ts'
import type { Labels } from '../invoice-labels.ts'
import type { InvoiceTemplate } from '../invoice-template.ts'
import type { NumberFormats } from '../number-formats.ts'
import type { Picture } from './open-logo.ts'
import type { PdfSheet } from './pdf-sheet.ts'

export interface Drawing extends Omit<InvoiceDocument, 'template' | 'logo'> {
  template: InvoiceTemplate
  labels: Labels
  formats: NumberFormats
  title: string
  /** The logo, where there is one that can be drawn. */
  picture: Picture | null
  sheet: PdfSheet
  /** At issue: what was paid later does not change the document. */
  amountDue: Decimal
  /** Puts the invoice's facts into a brand's text. */
  fill: (text: string) => string
}
