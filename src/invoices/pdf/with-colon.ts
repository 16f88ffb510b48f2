/** A label before its value: in French a blank stands before the colon, one that no line breaks at. */
import { chooseLanguage } from '../../languages.ts'

export function withColon(label: string, language: string): string {
  return chooseLanguage(language) === 'fr' ? `${label}\u00a0:` : `${label}:`
}
