/**
 * Where a syntax puts the terms of an e-invoice: a tree of elements as data. An element that no term fills is left out, with
 * what is fixed in it.
 *
 *     node('cac:Country', leaf('cbc:IdentificationCode', 'BT-40'))
 */
import { element, openingTag, writeElement, type XmlElement, xmlDeclaration } from '../xml-element.ts'
import type { Group, Term, Terms, Values } from './terms.ts'

export interface Layout {
  name: string
  /** Attribute → the term that fills it, or its text where it is the same in every document. */
  attributes: Readonly<Record<string, Term | { text: string }>>
  content:
    | { term: Term; write: (text: string) => string }
    | { text: string }
    | { children: readonly Layout[] }
  /** One element for each of the group; absent: one. */
  each?: Group
  /** Written where no term fills it, too. */
  isAlwaysThere?: true
}

export function node(name: string, ...children: readonly Layout[]): Layout {
  return { name, attributes: {}, content: { children } }
}

/** `attributes`: see `Layout`. `write`: how the syntax writes it, where not as the term has it. */
export function leaf(
  name: string,
  term: Term,
  {
    attributes = {},
    write = (text) => text,
  }: { attributes?: Layout['attributes']; write?: (text: string) => string } = {},
): Layout {
  return { name, attributes, content: { term, write } }
}

/** Text that stands wherever its parent does. */
export function fixed(name: string, text: string): Layout {
  return { name, attributes: {}, content: { text } }
}

export function each(group: Group, layout: Layout): Layout {
  return { ...layout, each: group }
}

export function always(layout: Layout): Layout {
  return { ...layout, isAlwaysThere: true }
}

/** Groups, such as lines, that one piece of text holds: 50 µs each. */
const groupsPerPiece = 100

/** The document as text, in pieces that each take little time, however many lines it has. */
export function* writeDocument(
  root: Layout,
  terms: Terms,
  namespaces: Readonly<Record<string, string>>,
): Generator<string, void> {
  yield `${xmlDeclaration}${openingTag(root.name, namespaces)}\n`
  yield* writeChildren(root, terms, '  ')
  yield `</${root.name}>\n`
}

function* writeChildren({ content }: Layout, terms: Terms, indent: string): Generator<string, void> {
  if (!('children' in content)) return
  for (const child of content.children) {
    if (holdsLongGroup(child, terms)) {
      yield `${indent}${openingTag(child.name, {})}\n`
      yield* writeChildren(child, terms, `${indent}  `)
      yield `${indent}</${child.name}>\n`
    } else yield* writePieces(child, terms, indent)
  }
}

/** Such an element has lines, so it is there. */
function holdsLongGroup({ content, each: group }: Layout, terms: Terms): boolean {
  if (group !== undefined || !('children' in content)) return false
  return content.children.some((child) => child.each && terms[child.each].length > groupsPerPiece)
}

function* writePieces(layout: Layout, terms: Terms, indent: string): Generator<string, void> {
  const groups = layout.each === undefined ? [undefined] : terms[layout.each]
  for (let from = 0; from < groups.length; from += groupsPerPiece) {
    let piece = ''
    for (const own of groups.slice(from, from + groupsPerPiece)) {
      const values = own === undefined ? terms.values : withDefaults(own, terms.values)
      for (const built of buildOne(layout, terms, values)) piece += writeElement(built.element, indent)
    }
    yield piece
  }
}

/** Every term that the layout has a place for. */
export function listTerms({ attributes, content }: Layout): Term[] {
  const named = Object.values(attributes).filter((value) => typeof value === 'string')
  if ('children' in content) return [...named, ...content.children.flatMap(listTerms)]
  return 'term' in content ? [...named, content.term] : named
}

interface Built {
  element: XmlElement
  /** A term stands in it. */
  isFilled: boolean
}

function build(layout: Layout, terms: Terms, values: Values): Built[] {
  if (layout.each === undefined) return buildOne(layout, terms, values)
  return terms[layout.each].flatMap((own) => buildOne(layout, terms, withDefaults(own, terms.values)))
}

/**
 * What a group does not say of itself, such as the currency, the document says: as the prototype, since a copy of all terms
 * for each line took a third of the time of 5,000 lines.
 */
function withDefaults(own: Values, defaults: Values): Values {
  return Object.assign(Object.create(defaults), own)
}

function buildOne(layout: Layout, terms: Terms, values: Values): Built[] {
  const { name, attributes, content } = layout
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    const text = typeof value === 'string' ? values[value] : value.text
    return text === undefined ? [] : [[key, text]]
  })
  const make = (children: readonly (XmlElement | string)[], isFilled: boolean): Built[] => [
    { element: element(name, Object.fromEntries(written), ...children), isFilled },
  ]
  if ('text' in content) return make([content.text], false)
  if ('term' in content) {
    const text = values[content.term]
    return text === undefined ? [] : make([content.write(text)], true)
  }
  const children = content.children.flatMap((child) => build(child, terms, values))
  const isFilled = children.some((child) => child.isFilled)
  if (!isFilled && !layout.isAlwaysThere) return []
  return make(
    children.map((child) => child.element),
    isFilled,
  )
}
