/**
 * How somebody asks for CSV: its flavour, and the language of the spreadsheet that is to open it.
 */
import Type from 'typebox'
import { Language, oneOf } from '../../shapes/fields.ts'
import { type CsvFlavour, type CsvStyle, csvFlavours } from '../../spreadsheet-text.ts'
import { Faults } from './known-values.ts'

export const csvFields = {
  flavour: Type.Optional(
    oneOf(
      csvFlavours,
      'Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused.',
    ),
  ),
  locale: Type.Optional(
    Type.String({
      ...Language,
      description:
        'Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet.',
    }),
  ),
}

/** Throws `InvalidRequest`. */
export function readCsvStyle({ flavour = 'raw', locale }: Partial<CsvStyle>): CsvStyle {
  const faults = new Faults()
  addLocaleFaults(faults, { flavour, locale })
  faults.throwIfAny()
  return { flavour, locale }
}

export function addLocaleFaults(
  faults: Faults,
  { flavour, locale }: { flavour: CsvFlavour; locale?: string | null | undefined },
  stored?: string | null,
): void {
  if (locale === undefined || locale === null) return
  if (flavour === 'raw') faults.add('/locale', 'is of the spreadsheet flavour')
  faults.checkKnown('language', '/locale', locale, stored)
}
