/**
 * In which words, and by which customs of writing, is somebody addressed who speaks this language?
 *
 * Languages are BCP 47 tags. Words are those of the tag's language: `es-MX` and `spa` read Spanish, and who speaks a
 * language without words of ours reads English. Numbers and dates are written as the whole tag has it.
 */
export const languagesWithWords = ['en', 'es', 'ca', 'it', 'de', 'fr', 'pt'] as const
export type LanguageWithWords = (typeof languagesWithWords)[number]

/** Without region and script: `de` of `de-AT`, `fr` of `fra`. */
export function readLanguage(tag: string): string {
  try {
    return new Intl.Locale(tag.replaceAll('_', '-')).language
  } catch {
    return 'en'
  }
}

export function chooseLanguage(tag: string): LanguageWithWords {
  const language = readLanguage(tag)
  return languagesWithWords.find((known) => known === language) ?? 'en'
}

/** The tag itself where the runtime knows it, else English. */
export function knownTag(tag: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag.replaceAll('_', '-'))[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** For numbers. A plain `pt` is Portugal's, where the runtime would write as in Brazil. */
export function numberLocale(tag: string): string {
  const known = knownTag(tag)
  return known === 'pt' ? 'pt-PT' : known
}

/** For days and instants. A plain `en` has the day before the month, which the runtime would turn round. */
export function dateLocale(tag: string): string {
  const known = numberLocale(tag)
  return known === 'en' ? 'en-GB' : known
}

/** A label before its value: in French a blank stands before the colon, one that no line breaks at. */
export function withColon(label: string, tag: string): string {
  return chooseLanguage(tag) === 'fr' ? `${label}\u00a0:` : `${label}:`
}
