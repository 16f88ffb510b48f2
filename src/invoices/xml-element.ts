/**
 * XML as text, built from elements: `element('cbc:ID', {}, 'F2026-0001')`. What XML cannot carry is left out.
 */
export interface XmlElement {
  name: string
  attributes: Readonly<Record<string, string>>
  children: readonly (XmlElement | string)[]
}

export type XmlChild = XmlElement | string | undefined | false

/** Children that are undefined or false are left out, so that optional elements read in their place. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly XmlChild[]
): XmlElement {
  return { name, attributes, children: children.filter((child) => child !== undefined && child !== false) }
}

/** An element with one text, or nothing where the text is empty. */
export function textElement(name: string, text: string | null | undefined): XmlElement | undefined {
  return text ? element(name, {}, text) : undefined
}

export function writeXml(root: XmlElement): string {
  const parts: string[] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
  write(root, '', parts)
  return parts.join('')
}

/** An element of a document that is written in pieces. */
export function writeXmlPart(part: XmlElement): string {
  const parts: string[] = []
  write(part, '', parts)
  return parts.join('')
}

function write({ name, attributes, children }: XmlElement, indent: string, parts: string[]): void {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
  const isText = children.every((child) => typeof child === 'string')
  parts.push(`${indent}<${name}${written.join('')}>`)
  if (!isText) parts.push('\n')
  for (const child of children) {
    if (typeof child === 'string') parts.push(escapeXml(child))
    else write(child, `${indent}  `, parts)
  }
  parts.push(isText ? `</${name}>\n` : `${indent}</${name}>\n`)
}

export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these characters.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  )
}
