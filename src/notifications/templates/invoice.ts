/** Goes out with an issued invoice or credit note, which is attached. */
import type { Wordings } from '../mail-template.ts'

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

export const invoice: Wordings = {
  en: {
    subject: `${either('Invoice', 'Credit note')} {{ number }} from {{ brand }} for {{ clientName }}`,
    opening: `{{ brand }} has issued ${either('invoice', 'credit note')} {{ number }}.`,
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
    subject: `${either('Factura', 'Factura rectificativa')} {{ number }} de {{ brand }} para {{ clientName }}`,
    opening: `{{ brand }} ha emitido la ${either('factura', 'factura rectificativa')} {{ number }}.`,
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
    subject: `${either('Factura', 'Factura rectificativa')} {{ number }} emesa per {{ brand }} per a {{ clientName }}`,
    opening: `{{ brand }} ha emès la ${either('factura', 'factura rectificativa')} {{ number }}.`,
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
    subject: `${either('Fattura', 'Nota di credito')} {{ number }} di {{ brand }} per {{ clientName }}`,
    opening: `{{ brand }} ha emesso la ${either('fattura', 'nota di credito')} {{ number }}.`,
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
  de: {
    subject: `${either('Rechnung', 'Rechnungskorrektur')} {{ number }} von {{ brand }} für {{ clientName }}`,
    opening: `{{ brand }} hat die ${either('Rechnung', 'Rechnungskorrektur')} {{ number }} ausgestellt.`,
    facts: facts({
      client: 'Kunde',
      number: 'Nummer',
      period: 'Leistungszeitraum',
      total: 'Gesamtbetrag',
      amountDue: 'Zu zahlen',
      dueDay: 'Zahlbar bis',
    }),
    closing: `Die ${either('Rechnung', 'Rechnungskorrektur')} ist beigefügt.`,
  },
  fr: {
    subject: `${either('Facture {{ number }} émise', 'Avoir {{ number }} émis')} par {{ brand }} pour {{ clientName }}`,
    opening: `{{ brand }} a émis ${either('la facture', 'l’avoir')} {{ number }}.`,
    facts: facts({
      client: 'Client',
      number: 'Numéro',
      period: 'Période',
      total: 'Total',
      amountDue: 'Montant à payer',
      dueDay: 'Échéance',
    }),
    closing: `${either('La facture est jointe', 'L’avoir est joint')}.`,
  },
  pt: {
    subject: `${either('Fatura', 'Nota de crédito')} {{ number }} de {{ brand }} para {{ clientName }}`,
    opening: `{{ brand }} emitiu a ${either('fatura', 'nota de crédito')} {{ number }}.`,
    facts: facts({
      client: 'Cliente',
      number: 'Número',
      period: 'Período',
      total: 'Total',
      amountDue: 'Valor a pagar',
      dueDay: 'Vencimento',
    }),
    closing: `A ${either('fatura', 'nota de crédito')} segue em anexo.`,
  },
}
