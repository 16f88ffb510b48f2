/**
 * What is a tax number called, by who reads it and whose it is? A German reads `USt-IdNr.` of a company in the Union, `UID-Nr.` of
 * one in Austria, and `Steuernummer` of one beyond.
 */
import { chooseLanguage, type LanguageWithWords } from '../languages.ts'
import { isInEuropeanUnion } from '../registers/countries.ts'

interface Names {
  /** By the country of the party. */
  home: Readonly<Record<string, string>>
  /** Of a company elsewhere in the European Union, and of one beyond. */
  union: string
  elsewhere: string
}

const names: Readonly<Record<LanguageWithWords, Names>> = {
  en: {
    home: { GB: 'VAT No.', IE: 'VAT No.', US: 'EIN', AU: 'ABN' },
    union: 'VAT ID',
    elsewhere: 'Tax ID',
  },
  es: {
    home: { ES: 'NIF', MX: 'RFC', AR: 'CUIT', CL: 'RUT', CO: 'NIT', PE: 'RUC' },
    union: 'NIF-IVA',
    elsewhere: 'Id. fiscal',
  },
  ca: { home: { ES: 'NIF', AD: 'NRT' }, union: 'NIF-IVA', elsewhere: 'Id. fiscal' },
  it: { home: { IT: 'Partita IVA', CH: 'N. IVA' }, union: 'N. IVA', elsewhere: 'Id. fiscale' },
  de: {
    home: { DE: 'USt-IdNr.', AT: 'UID-Nr.', CH: 'MWST-Nr.', LI: 'MWST-Nr.' },
    union: 'USt-IdNr.',
    elsewhere: 'Steuernummer',
  },
  fr: { home: { FR: 'N° de TVA', CH: 'N° TVA' }, union: 'N° de TVA', elsewhere: 'N° fiscal' },
  pt: { home: { PT: 'NIF', BR: 'CNPJ' }, union: 'NIF-IVA', elsewhere: 'N.º fiscal' },
}

/** `country`: ISO 3166 alpha-2; empty where it is not known. */
export function taxNumberLabel({ language, country }: { language: string; country: string }): string {
  const { home, union: inUnion, elsewhere } = names[chooseLanguage(language)]
  return home[country] ?? (isInEuropeanUnion(country) ? inUnion : elsewhere)
}
