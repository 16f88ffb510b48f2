/**
 * Where a syntax puts the terms of an e-invoice: a tree of elements as data. An element that no term fills is left out, with
 * what is fixed in it.
 *
 *     node('cac:Country', leaf('cbc:IdentificationCode', 'BT-40'))
 */
import { element, type XmlElement } from '../xml-element.ts'
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

/** The document's root, with its namespaces. */
export function layOut(root: Layout, terms: Terms, namespaces: Readonly<Record<string, string>>): XmlElement {
  const [built] = build(root, terms, terms.values)
  return element(root.name, namespaces, ...(built?.element.children ?? []))
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
  // What a group does not say of itself, such as the currency, the document says.
  return terms[layout.each].flatMap((own) => buildOne(layout, terms, { ...terms.values, ...own }))
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
