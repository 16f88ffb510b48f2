/**
 * What may a brand change about its documents? Words, texts, colours, columns and the order of sections.
 *
 * A template is plain JSON; everything in it is optional and what is left out is built in. Texts and words are by
 * language and may hold the {placeholders} listed here. `checkTemplate` names the place of every fault.
 */
import type { InputFault } from '../errors.ts'
import { chooseLabels, type LabelName, type Labels, labelNames } from './invoice-labels.ts'

const sectionNames = [
  'parties',
  'opening',
  'lines',
  'taxes',
  'totals',
  'payment',
  'closing',
  'items',
] as const
export type SectionName = (typeof sectionNames)[number]

const lineColumnNames = ['description', 'calls', 'duration', 'quantity', 'unitPrice', 'tax', 'net'] as const
export type LineColumnName = (typeof lineColumnNames)[number]

const itemColumnNames = ['date', 'caller', 'called', 'destination', 'duration', 'price'] as const
export type ItemColumnName = (typeof itemColumnNames)[number]

const colorNames = ['accent', 'text', 'muted', 'rule'] as const
const textNames = ['opening', 'closing', 'footer'] as const
const placeholders = ['number', 'clientName', 'from', 'to', 'total', 'amountDue', 'dueOn'] as const

export interface InvoiceTemplate {
  labels: Labels
  texts: Readonly<Record<(typeof textNames)[number], string>>
  colors: Readonly<Record<(typeof colorNames)[number], string>>
  lineColumns: readonly LineColumnName[]
  itemColumns: readonly ItemColumnName[]
  sections: readonly SectionName[]
}

/** What a brand stores; checked by `checkTemplate`. */
export interface TemplateContent {
  labels?: Record<string, Partial<Record<LabelName, string>>>
  texts?: Record<string, Partial<Record<(typeof textNames)[number], string>>>
  colors?: Partial<Record<(typeof colorNames)[number], string>>
  lineColumns?: LineColumnName[]
  itemColumns?: ItemColumnName[]
  sections?: SectionName[]
}

export const builtInTemplate: Omit<InvoiceTemplate, 'labels'> = {
  texts: { opening: '', closing: '', footer: '' },
  colors: { accent: '#1f4e79', text: '#1a1a1a', muted: '#5f6b76', rule: '#c9d1d9' },
  lineColumns: ['description', 'calls', 'duration', 'quantity', 'unitPrice', 'tax', 'net'],
  itemColumns: ['date', 'caller', 'called', 'destination', 'duration', 'price'],
  sections: sectionNames,
}

/** The template in one language: the brand's words over the built-in ones. */
export function templateFor(content: TemplateContent | null, language: string): InvoiceTemplate {
  const short = language.slice(0, 2)
  return {
    labels: { ...chooseLabels(language), ...content?.labels?.[short] },
    texts: { ...builtInTemplate.texts, ...content?.texts?.[short] },
    colors: { ...builtInTemplate.colors, ...content?.colors },
    lineColumns: content?.lineColumns ?? builtInTemplate.lineColumns,
    itemColumns: content?.itemColumns ?? builtInTemplate.itemColumns,
    sections: content?.sections ?? builtInTemplate.sections,
  }
}

export function checkTemplate(content: unknown): InputFault[] {
  const faults: InputFault[] = []
  const known = ['labels', 'texts', 'colors', 'lineColumns', 'itemColumns', 'sections']
  const root = readMembers(content, '', faults)
  for (const [name, value] of root) {
    const pointer = `/${name}`
    if (!known.includes(name)) faults.push({ pointer, detail: `must be one of ${known.join(', ')}` })
    else if (name === 'labels') checkWords(value, pointer, labelNames, faults)
    else if (name === 'texts') checkWords(value, pointer, textNames, faults)
    else if (name === 'colors') checkColors(value, pointer, faults)
    else if (name === 'lineColumns')
      checkList(value, pointer, lineColumnNames, ['description', 'net'], faults)
    else if (name === 'itemColumns') checkList(value, pointer, itemColumnNames, [], faults)
    else checkList(value, pointer, sectionNames, ['parties', 'lines', 'taxes', 'totals'], faults)
  }
  return faults
}

function readMembers(value: unknown, pointer: string, faults: InputFault[]): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value)
  faults.push({ pointer, detail: 'must be an object' })
  return []
}

function checkWords(value: unknown, pointer: string, names: readonly string[], faults: InputFault[]): void {
  for (const [language, words] of readMembers(value, pointer, faults)) {
    const place = `${pointer}/${language}`
    if (!/^[a-z]{2}$/.test(language))
      faults.push({ pointer: place, detail: 'is not a language code of two letters' })
    for (const [name, text] of readMembers(words, place, faults)) {
      const at = `${place}/${name}`
      if (!names.includes(name)) faults.push({ pointer: at, detail: `must be one of ${names.join(', ')}` })
      else if (typeof text !== 'string' || text.length > 2000) {
        faults.push({ pointer: at, detail: 'must be a text of at most 2000 characters' })
      } else if (names === textNames) checkPlaceholders(text, at, faults)
    }
  }
}

function checkPlaceholders(text: string, pointer: string, faults: InputFault[]): void {
  for (const [whole, name] of text.matchAll(/\{([^{}]*)\}/g)) {
    if ((placeholders as readonly (string | undefined)[]).includes(name)) continue
    faults.push({ pointer, detail: `${whole} is not one of {${placeholders.join('}, {')}}` })
  }
}

function checkColors(value: unknown, pointer: string, faults: InputFault[]): void {
  for (const [name, color] of readMembers(value, pointer, faults)) {
    const at = `${pointer}/${name}`
    if (!(colorNames as readonly string[]).includes(name)) {
      faults.push({ pointer: at, detail: `must be one of ${colorNames.join(', ')}` })
    } else if (typeof color !== 'string' || !/^#[0-9a-f]{6}$/i.test(color)) {
      faults.push({ pointer: at, detail: 'must be a colour such as "#1f4e79"' })
    }
  }
}

function checkList(
  value: unknown,
  pointer: string,
  names: readonly string[],
  required: readonly string[],
  faults: InputFault[],
): void {
  if (!Array.isArray(value)) {
    faults.push({ pointer, detail: 'must be a list' })
    return
  }
  const seen = new Set<unknown>()
  for (const [i, name] of value.entries()) {
    if (!names.includes(name))
      faults.push({ pointer: `${pointer}/${i}`, detail: `must be one of ${names.join(', ')}` })
    if (seen.has(name)) faults.push({ pointer: `${pointer}/${i}`, detail: 'is named twice' })
    seen.add(name)
  }
  for (const name of required) {
    if (!seen.has(name)) faults.push({ pointer, detail: `must contain "${name}": the law requires it` })
  }
}
