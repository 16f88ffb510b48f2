/**
 * Which font draws a letter? Noto Sans comes as one file per script; the first file that has the letter draws it.
 *
 * What a file has is read from its `cmap` table, once for a process and when the first text asks for it: most
 * documents need none but Latin, and the files of Chinese, Japanese and Korean are large.
 */
import { createRequire } from 'node:module'
import { readFontLetters } from './letters-of-font.ts'

export type Weight = 'regular' | 'bold'

const require = createRequire(import.meta.url)
const weightNumbers = { regular: 400, bold: 700 } as const

/** Name → package and the part of its files' names that says the script. */
const files = {
  latin: ['noto-sans', 'latin'],
  'latin-ext': ['noto-sans', 'latin-ext'],
  vietnamese: ['noto-sans', 'vietnamese'],
  greek: ['noto-sans', 'greek'],
  'greek-ext': ['noto-sans', 'greek-ext'],
  cyrillic: ['noto-sans', 'cyrillic'],
  'cyrillic-ext': ['noto-sans', 'cyrillic-ext'],
  arabic: ['noto-sans-arabic', 'arabic'],
  hebrew: ['noto-sans-hebrew', 'hebrew'],
  armenian: ['noto-sans-armenian', 'armenian'],
  georgian: ['noto-sans-georgian', 'georgian'],
  devanagari: ['noto-sans', 'devanagari'],
  thai: ['noto-sans-thai', 'thai'],
  japanese: ['noto-sans-jp', 'japanese'],
  simplified: ['noto-sans-sc', 'chinese-simplified'],
  traditional: ['noto-sans-tc', 'chinese-traditional'],
  korean: ['noto-sans-kr', 'korean'],
} as const satisfies Record<string, readonly [folder: string, script: string]>

export type FontName = keyof typeof files
export const fontNames = Object.keys(files) as FontName[]

export function fontFile(name: FontName, weight: Weight): string {
  const [folder, script] = files[name]
  return require.resolve(
    `@fontsource/${folder}/files/${folder}-${script}-${weightNumbers[weight]}-normal.woff`,
  )
}

const eastern = ['japanese', 'simplified', 'traditional'] as const
const western = fontNames.filter((name) => !eastern.some((other) => other === name) && name !== 'korean')

/**
 * The fonts for a text, in the order in which they are asked for a letter. The same sign is written in another way in
 * Japan and China, and each font has signs that the others lack: kana tell Japanese, else the language does, and of the
 * rest the first font that has all of the text.
 */
export function fontsFor(text: string, language: string): readonly FontName[] {
  const signs = text.match(/\p{Script=Han}/gu) ?? []
  if (signs.length === 0) return [...western, 'korean', ...eastern]
  const preferred = easternOrder(text, language)
  const whole = preferred.filter((name) => signs.every((sign) => hasLetter(name, sign)))
  return [...western, 'korean', ...new Set([...whole, ...preferred])]
}

function easternOrder(text: string, language: string): (typeof eastern)[number][] {
  const isJapanese = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) || /^ja\b/i.test(language)
  if (isJapanese) return ['japanese', 'traditional', 'simplified']
  const isTraditional = /^(zh-(hant|tw|hk|mo)\b|yue\b)/i.test(language)
  return isTraditional ? ['traditional', 'japanese', 'simplified'] : ['simplified', 'traditional', 'japanese']
}

const known = new Map<FontName, (code: number) => boolean>()

export function hasLetter(name: FontName, letter: string): boolean {
  let has = known.get(name)
  if (!has) {
    has = readFontLetters(fontFile(name, 'regular'))
    known.set(name, has)
  }
  return has(letter.codePointAt(0) ?? 0)
}
