/** Confirms a payment of an invoice, and says what is still due on it. */
import type { Wordings } from '../mail-template.ts'

const facts = (labels: {
  client: string
  number: string
  amount: string
  paidOn: string
  method: string
  reference: string
  amountDue: string
}) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.number, value: '{{ number }}' },
  { label: labels.amount, value: '{{ amount }}' },
  { label: labels.paidOn, value: '{{ paidOn }}' },
  { label: labels.method, value: '{{ method }}', when: 'method' },
  { label: labels.reference, value: '{{ reference }}', when: 'reference' },
  { label: labels.amountDue, value: '{{ amountDue }}', when: 'amountDue' },
]

export const paymentReceipt: Wordings = {
  en: {
    subject: 'Receipt from {{ brand }}: payment of invoice {{ number }} for {{ clientName }}',
    opening: '{{ brand }} has received a payment for invoice {{ number }}.',
    facts: facts({
      client: 'Client',
      number: 'Invoice',
      amount: 'Amount',
      paidOn: 'Paid on',
      method: 'Method',
      reference: 'Reference',
      amountDue: 'Still due',
    }),
    closing: "{% if amountDue == '' %}The invoice is paid in full. {% endif %}Thank you.",
  },
  es: {
    subject: 'Recibo de {{ brand }}: pago de la factura {{ number }} para {{ clientName }}',
    opening: '{{ brand }} ha recibido un pago de la factura {{ number }}.',
    facts: facts({
      client: 'Cliente',
      number: 'Factura',
      amount: 'Importe',
      paidOn: 'Fecha de pago',
      method: 'Forma de pago',
      reference: 'Referencia',
      amountDue: 'Pendiente',
    }),
    closing: "{% if amountDue == '' %}La factura está pagada por completo. {% endif %}Gracias.",
  },
  ca: {
    subject: 'Rebut emès per {{ brand }}: pagament de la factura {{ number }} per a {{ clientName }}',
    opening: '{{ brand }} ha rebut un pagament de la factura {{ number }}.',
    facts: facts({
      client: 'Client',
      number: 'Factura',
      amount: 'Import',
      paidOn: 'Data de pagament',
      method: 'Forma de pagament',
      reference: 'Referència',
      amountDue: 'Pendent',
    }),
    closing: "{% if amountDue == '' %}La factura està pagada del tot. {% endif %}Gràcies.",
  },
  it: {
    subject: 'Ricevuta di {{ brand }}: pagamento della fattura {{ number }} per {{ clientName }}',
    opening: '{{ brand }} ha ricevuto un pagamento per la fattura {{ number }}.',
    facts: facts({
      client: 'Cliente',
      number: 'Fattura',
      amount: 'Importo',
      paidOn: 'Data di pagamento',
      method: 'Metodo di pagamento',
      reference: 'Riferimento',
      amountDue: 'Ancora dovuto',
    }),
    closing: "{% if amountDue == '' %}La fattura è interamente pagata. {% endif %}Grazie.",
  },
  de: {
    subject: 'Zahlungsbestätigung von {{ brand }}: Rechnung {{ number }} für {{ clientName }}',
    opening: '{{ brand }} hat eine Zahlung zur Rechnung {{ number }} erhalten.',
    facts: facts({
      client: 'Kunde',
      number: 'Rechnung',
      amount: 'Betrag',
      paidOn: 'Bezahlt am',
      method: 'Zahlungsart',
      reference: 'Verwendungszweck',
      amountDue: 'Noch offen',
    }),
    closing: "{% if amountDue == '' %}Die Rechnung ist vollständig bezahlt. {% endif %}Vielen Dank.",
  },
  fr: {
    subject: 'Reçu émis par {{ brand }} : paiement de la facture {{ number }} pour {{ clientName }}',
    opening: '{{ brand }} a reçu un paiement pour la facture {{ number }}.',
    facts: facts({
      client: 'Client',
      number: 'Facture',
      amount: 'Montant',
      paidOn: 'Payé le',
      method: 'Mode de paiement',
      reference: 'Référence',
      amountDue: 'Reste dû',
    }),
    closing: "{% if amountDue == '' %}La facture est entièrement payée. {% endif %}Merci.",
  },
  pt: {
    subject: 'Recibo de {{ brand }}: pagamento da fatura {{ number }} para {{ clientName }}',
    opening: '{{ brand }} recebeu um pagamento da fatura {{ number }}.',
    facts: facts({
      client: 'Cliente',
      number: 'Fatura',
      amount: 'Valor',
      paidOn: 'Pago em',
      method: 'Forma de pagamento',
      reference: 'Referência',
      amountDue: 'Em dívida',
    }),
    closing: "{% if amountDue == '' %}A fatura está totalmente paga. {% endif %}Obrigado.",
  },
}
