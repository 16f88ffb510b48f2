/**
 * What does a reader see in a PDF of ours? Its texts in the order in which they are drawn, a line for each.
 *
 * Reads what pdfkit writes and no more: fonts with a ToUnicode table of ranges, page content compressed, glyphs of two
 * bytes in `[<…> kerning <…>] TJ`.
 */
import { inflateSync } from 'node:zlib'

export function textOfPdf(file: Buffer): string {
  const objects = objectsOf(file)
  const fonts = new Map<string, string[]>()
  for (const { head } of objects.values()) {
    for (const [, name = '', reference = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(reference)?.head ?? '')?.[1]
      if (table) fonts.set(name, lettersOf(objects.get(table)?.stream ?? ''))
    }
  }
  const drawn = /\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g
  const lines: string[] = []
  for (const { stream } of objects.values()) {
    let letters: string[] = []
    for (const [, font, operands] of stream.matchAll(drawn)) {
      if (font) letters = fonts.get(font) ?? []
      else lines.push(textOf(operands ?? '', letters))
    }
  }
  return lines.join('\n')
}

function objectsOf(file: Buffer): Map<string, { head: string; stream: string }> {
  const whole = file.toString('latin1')
  const objects = new Map<string, { head: string; stream: string }>()
  for (const [text, id = ''] of whole.matchAll(/^(\d+) 0 obj\n[\s\S]*?\nendobj/gm)) {
    const [head = '', ...rest] = text.split('\nstream\n')
    const bytes = Buffer.from(rest.join('\nstream\n').replace(/\nendstream\nendobj$/, ''), 'latin1')
    const isText = head.includes('/FlateDecode') && !/\/(Image|FontFile|Length1)/.test(head)
    objects.set(id, { head, stream: isText && bytes.length > 0 ? inflateSync(bytes).toString('latin1') : '' })
  }
  return objects
}

/** By glyph: `<0000> <0002> [<0000> <0041> <00660069>]` names the letters of three. */
function lettersOf(table: string): string[] {
  const letters: string[] = []
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    for (const [i, [, code = '']] of [...list.matchAll(/<([0-9a-f ]*)>/gi)].entries()) {
      letters[Number.parseInt(first, 16) + i] = Buffer.from(code.replaceAll(' ', ''), 'hex')
        .swap16()
        .toString('utf16le')
    }
  }
  return letters
}

function textOf(operands: string, letters: readonly string[]): string {
  const glyphs = [...operands.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
  return glyphs.map((glyph) => letters[Number.parseInt(glyph, 16)] ?? '').join('')
}
