/** Goes out with an issued invoice, which is attached. */
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

export const invoice: Readonly<Record<string, Wording>> = {
  en: {
    subject: 'Invoice {{ number }} for {{ clientName }}',
    opening: 'Invoice {{ number }} has been issued.',
    facts: facts({
      client: 'Client',
      number: 'Number',
      period: 'Period',
      total: 'Total',
      amountDue: 'Amount due',
      dueDay: 'Due on',
    }),
    closing: 'The invoice is attached.',
  },
  es: {
    subject: 'Factura {{ number }} de {{ clientName }}',
    opening: 'Se ha emitido la factura {{ number }}.',
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
    subject: 'Factura {{ number }} de {{ clientName }}',
    opening: 'S’ha emès la factura {{ number }}.',
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
    subject: 'Fattura {{ number }} di {{ clientName }}',
    opening: 'È stata emessa la fattura {{ number }}.',
    facts: facts({
      client: 'Cliente',
      number: 'Numero',
      period: 'Periodo',
      total: 'Totale',
      amountDue: 'Importo dovuto',
      dueDay: 'Scadenza',
    }),
    closing: 'La fattura è allegata.',
  },
}
