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

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** An element as it stands in a document that is written in pieces. */
export function writeElement(part: XmlElement, indent = ''): string {
  const parts: string[] = []
  write(part, indent, parts)
  return parts.join('')
}

/** `<name a="b">`, for whoever writes what is in it piece by piece. */
export function openingTag(name: string, attributes: Readonly<Record<string, string>>): string {
  let tag = `<${name}`
  for (const [key, value] of Object.entries(attributes)) tag += ` ${key}="${escapeXml(value)}"`
  return `${tag}>`
}

function write({ name, attributes, children }: XmlElement, indent: string, parts: string[]): void {
  const isText = children.every((child) => typeof child === 'string')
  parts.push(indent, openingTag(name, attributes))
  if (!isText) parts.push('\n')
  for (const child of children) {
    if (typeof child === 'string') parts.push(escapeXml(child))
    else write(child, `${indent}  `, parts)
  }
  parts.push(isText ? `</${name}>\n` : `${indent}</${name}>\n`)
}

/** What has to be escaped, or cannot be written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these characters.
const special = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff&<>"]/g
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeXml(text: string): string {
  return text.replace(special, (sign) => escapes[sign] ?? '')
}
