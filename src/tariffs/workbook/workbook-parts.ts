/** Which sheets does a workbook have, in which parts of its archive, and what do its cells share? */
import { isDateFormat } from 'numfmt'
import { SaxesParser } from 'saxes'
import { InvalidWorkbook } from './invalid-workbook.ts'
import type { Archive } from './open-archive.ts'
import { localName } from './read-items.ts'

export interface WorkbookParts {
  sheets: readonly { name: string; part: string }[]
  /** null: the cells share none. */
  sharedTexts: string | null
  isDate: readonly boolean[]
  is1904: boolean
}

type Visit = (element: string, attributes: Readonly<Record<string, string>>) => void

/** Formats that have a number of their own and no text in the file. */
const dateFormats = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
/** Those of East Asian editions. */
const isEastAsianDate = (id: number) => (id >= 27 && id <= 36) || (id >= 50 && id <= 58)

export async function readWorkbookParts(archive: Archive): Promise<WorkbookParts> {
  const root = [...(await readRelations(archive, '')).values()].find(({ type }) => type === 'officeDocument')
  if (!root) throw new InvalidWorkbook('The file is an archive and no workbook: save it as .xlsx.')
  const relations = await readRelations(archive, root.part)
  const partOf = (type: string) =>
    [...relations.values()].find((relation) => relation.type === type)?.part ?? null
  const sheets: { name: string; part: string }[] = []
  let is1904 = false
  visitElements(await archive.readText(root.part), (element, attributes) => {
    if (element === 'workbookPr') is1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
    if (element !== 'sheet') return
    const id = Object.keys(attributes).find((name) => name.endsWith(':id')) ?? ''
    const relation = relations.get(attributes[id] ?? '')
    if (relation?.type === 'worksheet') sheets.push({ name: attributes.name ?? '', part: relation.part })
  })
  const styles = partOf('styles')
  const isDate = styles === null ? [] : readDateStyles(await archive.readText(styles))
  return { sheets, sharedTexts: partOf('sharedStrings'), isDate, is1904 }
}

/** By their ids: what a part refers to, and as what. */
async function readRelations(
  archive: Archive,
  part: string,
): Promise<Map<string, { type: string; part: string }>> {
  const slash = part.lastIndexOf('/')
  const folder = part.slice(0, slash + 1)
  const relations = new Map<string, { type: string; part: string }>()
  visitElements(
    await archive.readText(`${folder}_rels/${part.slice(slash + 1)}.rels`),
    (element, attributes) => {
      const { Id, Type, Target } = attributes
      if (element !== 'Relationship' || Id === undefined || Type === undefined || Target === undefined) return
      const path = new URL(Target, `file:///${folder}`).pathname.slice(1)
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), part: decodeURIComponent(path) })
    },
  )
  return relations
}

function readDateStyles(xml: string): boolean[] {
  const formats = new Map<number, string>()
  const isDate: boolean[] = []
  let isInCells = false
  visitElements(xml, (element, attributes) => {
    if (element === 'numFmt') formats.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
    if (element === 'cellXfs' || element === 'cellStyleXfs') isInCells = element === 'cellXfs'
    if (element !== 'xf' || !isInCells) return
    const id = Number(attributes.numFmtId ?? 0)
    const format = formats.get(id)
    isDate.push(format === undefined ? dateFormats.has(id) || isEastAsianDate(id) : isDateFormat(format))
  })
  return isDate
}

function visitElements(xml: string, visit: Visit): void {
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => visit(localName(name), attributes))
  parser.write(xml).close()
}
