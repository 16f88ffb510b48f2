/**
 * Which letters does a font file have? Its `cmap` table says so; kept as a bit for each, 24 KB for a file.
 *
 * fontkit could tell, too, but holds the whole font for it, and who checks a name must not load what draws.
 * Source: OpenType "cmap", formats 4 and 12.
 */
import { fontTable } from './unpacked-font.ts'

/** Letters beyond the third plane are in none of our files. */
const maxLetters = 0x30000

export function readFontLetters(file: string): (code: number) => boolean {
  const bits = new Uint8Array(maxLetters / 8)
  const add = (code: number) => {
    if (code < maxLetters) bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7))
  }
  const cmap = fontTable(file, 'cmap')
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + i * 8 + 4))
    const format = table.readUInt16BE(0)
    if (format === 4) addSegments(table, add)
    else if (format === 12) addGroups(table, add)
  }
  return (code) => code < maxLetters && ((bits[code >> 3] ?? 0) & (1 << (code & 7))) !== 0
}

/** Format 4: segments of letters, each with a distance to its glyphs or a place in a list of them. */
function addSegments(table: Buffer, add: (code: number) => void): void {
  const length = table.readUInt16BE(6)
  const at = (column: number, i: number) => 14 + column * length + (column > 0 ? 2 : 0) + i
  for (let i = 0; i < length; i += 2) {
    const last = table.readUInt16BE(at(0, i))
    const first = table.readUInt16BE(at(1, i))
    const distance = table.readUInt16BE(at(2, i))
    const place = table.readUInt16BE(at(3, i))
    for (let code = first; code <= last && code < 0xffff; code++) {
      const listed = place === 0 ? code : table.readUInt16BE(at(3, i) + place + (code - first) * 2)
      const glyph = place !== 0 && listed === 0 ? 0 : (listed + distance) & 0xffff
      if (glyph !== 0) add(code)
    }
  }
}

/** Format 12: groups of letters whose glyphs follow one another. */
function addGroups(table: Buffer, add: (code: number) => void): void {
  const count = table.readUInt32BE(12)
  for (let i = 0; i < count; i++) {
    const group = 16 + i * 12
    const first = table.readUInt32BE(group)
    const last = table.readUInt32BE(group + 4)
    const glyph = table.readUInt32BE(group + 8)
    for (let code = first; code <= last; code++) if (glyph + code - first !== 0) add(code)
  }
}
