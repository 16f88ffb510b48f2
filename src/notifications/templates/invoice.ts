/** Goes out with an issued invoice or credit note, which is attached. */
import type { Wording } from '../mail-template.ts'

const facts = (labels: {
  client: string
  number: string
  period: string
  total: string
  amountDue: string
  dueDay: string
}) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.number, value: '{{ number }}' },
  { label: labels.period, value: '{{ from }} – {{ until }}' },
  { label: labels.total, value: '{{ total }}' },
  { label: labels.amountDue, value: '{{ amountDue }}' },
  { label: labels.dueDay, value: '{{ dueDay }}', when: 'dueDay' },
]

const either = (invoice: string, creditNote: string) =>
  `{% if documentKind == 'credit-note' %}${creditNote}{% else %}${invoice}{% endif %}`

export const invoice: Readonly<Record<string, Wording>> = {
  en: {
    subject: `${either('Invoice', 'Credit note')} {{ number }} for {{ clientName }}`,
    opening: `${either('Invoice', 'Credit note')} {{ number }} has been issued.`,
    facts: facts({
      client: 'Client',
      number: 'Number',
      period: 'Period',
      total: 'Total',
      amountDue: 'Amount due',
      dueDay: 'Due on',
    }),
    closing: `The ${either('invoice', 'credit note')} is attached.`,
  },
  es: {
    subject: `${either('Factura', 'Factura rectificativa')} {{ number }} de {{ clientName }}`,
    opening: `Se ha emitido la ${either('factura', 'factura rectificativa')} {{ number }}.`,
    facts: facts({
      client: 'Cliente',
      number: 'Número',
      period: 'Período',
      total: 'Total',
      amountDue: 'Importe pendiente',
      dueDay: 'Vencimiento',
    }),
    closing: 'La factura va adjunta.',
  },
  ca: {
    subject: `${either('Factura', 'Factura rectificativa')} {{ number }} de {{ clientName }}`,
    opening: `S’ha emès la ${either('factura', 'factura rectificativa')} {{ number }}.`,
    facts: facts({
      client: 'Client',
      number: 'Número',
      period: 'Període',
      total: 'Total',
      amountDue: 'Import pendent',
      dueDay: 'Venciment',
    }),
    closing: 'La factura va adjunta.',
  },
  it: {
    subject: `${either('Fattura', 'Nota di credito')} {{ number }} di {{ clientName }}`,
    opening: `È stata emessa la ${either('fattura', 'nota di credito')} {{ number }}.`,
    facts: facts({
      client: 'Cliente',
      number: 'Numero',
      period: 'Periodo',
      total: 'Totale',
      amountDue: 'Importo dovuto',
      dueDay: 'Scadenza',
    }),
    closing: `La ${either('fattura', 'nota di credito')} è allegata.`,
  },
}
