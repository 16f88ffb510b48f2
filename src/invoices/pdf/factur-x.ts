/**
 * What makes a PDF/A-3 a Factur-X: the invoice as XML within it, and the words by which programs find it.
 * Source: Factur-X 1.0.07 (ZUGFeRD 2.3), chapter 6; ISO 19005-3, 6.6.2.3 and 6.8.
 */
import type { PdfDocument } from './pdf-document.ts'

const fileName = 'factur-x.xml'
const namespace = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#'

export function attachFacturX(pdf: PdfDocument, xml: string, createdAt: number): void {
  const created = new Date(createdAt)
  const attachment = {
    name: fileName,
    type: 'text/xml',
    description: 'Factur-X invoice',
    // Pages and XML say the same.
    relationship: 'Alternative',
    creationDate: created,
    modifiedDate: created,
  }
  pdf.file(Buffer.from(xml), attachment)
  pdf.describe(metadata())
}

const properties = {
  DocumentFileName: 'Name of the embedded XML invoice file',
  DocumentType: 'INVOICE',
  Version: 'Version of the Factur-X XML schema',
  ConformanceLevel: 'Conformance level of the embedded Factur-X data',
} as const

/** A PDF/A may have only words that it explains. */
function metadata(): string {
  const explained = Object.entries(properties).map(
    ([name, description]) => `<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>${name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>${description}</pdfaProperty:description>
</rdf:li>`,
  )
  return `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>${namespace}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
${explained.join('\n')}
</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="${namespace}">
<fx:DocumentType>INVOICE</fx:DocumentType>
<fx:DocumentFileName>${fileName}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description>`
}
