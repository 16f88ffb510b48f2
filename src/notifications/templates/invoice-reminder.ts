/** Goes out when an invoice has been overdue for as many days as its brand has set; the invoice is attached. */
import type { Wordings } from '../mail-template.ts'

const facts = (labels: {
  client: string
  number: string
  total: string
  amountDue: string
  dueDay: string
  daysLate: string
}) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.number, value: '{{ number }}' },
  { label: labels.total, value: '{{ total }}' },
  { label: labels.amountDue, value: '{{ amountDue }}' },
  { label: labels.dueDay, value: '{{ dueDay }}' },
  { label: labels.daysLate, value: '{{ daysLate }}' },
]

export const invoiceReminder: Wordings = {
  en: {
    subject: 'Reminder: invoice {{ number }} from {{ brand }} for {{ clientName }} is overdue',
    opening: 'Invoice {{ number }} was due on {{ dueDay }} and we have not yet received the full payment.',
    facts: facts({
      client: 'Client',
      number: 'Invoice',
      total: 'Total',
      amountDue: 'Amount due',
      dueDay: 'Due on',
      daysLate: 'Days overdue',
    }),
    closing:
      'Please pay the amount due. If you have paid in the meantime, please ignore this reminder. The invoice is attached.',
  },
  es: {
    subject: 'Recordatorio: la factura {{ number }} de {{ brand }} para {{ clientName }} está vencida',
    opening: 'La factura {{ number }} venció el {{ dueDay }} y todavía no hemos recibido el pago completo.',
    facts: facts({
      client: 'Cliente',
      number: 'Factura',
      total: 'Total',
      amountDue: 'Importe pendiente',
      dueDay: 'Vencimiento',
      daysLate: 'Días de retraso',
    }),
    closing:
      'Le rogamos que abone el importe pendiente. Si ya ha pagado, no tenga en cuenta este recordatorio. La factura va adjunta.',
  },
  ca: {
    subject: 'Recordatori: la factura {{ number }} emesa per {{ brand }} per a {{ clientName }} està vençuda',
    opening: 'La factura {{ number }} va vèncer el {{ dueDay }} i encara no n’hem rebut el pagament complet.',
    facts: facts({
      client: 'Client',
      number: 'Factura',
      total: 'Total',
      amountDue: 'Import pendent',
      dueDay: 'Venciment',
      daysLate: 'Dies de retard',
    }),
    closing:
      'Us preguem que aboneu l’import pendent. Si ja heu pagat, no tingueu en compte aquest recordatori. La factura va adjunta.',
  },
  it: {
    subject: 'Promemoria: la fattura {{ number }} di {{ brand }} per {{ clientName }} è scaduta',
    opening:
      'La fattura {{ number }} è scaduta il {{ dueDay }} e non abbiamo ancora ricevuto il pagamento completo.',
    facts: facts({
      client: 'Cliente',
      number: 'Fattura',
      total: 'Totale',
      amountDue: 'Importo dovuto',
      dueDay: 'Scadenza',
      daysLate: 'Giorni di ritardo',
    }),
    closing:
      'Vi preghiamo di saldare l’importo dovuto. Se avete già pagato, vi preghiamo di ignorare questo promemoria. La fattura è allegata.',
  },
  de: {
    subject: 'Zahlungserinnerung: Rechnung {{ number }} von {{ brand }} für {{ clientName }} ist überfällig',
    opening:
      'Die Rechnung {{ number }} war am {{ dueDay }} fällig, und wir haben die Zahlung noch nicht vollständig erhalten.',
    facts: facts({
      client: 'Kunde',
      number: 'Rechnung',
      total: 'Gesamtbetrag',
      amountDue: 'Offener Betrag',
      dueDay: 'Fällig am',
      daysLate: 'Tage überfällig',
    }),
    closing:
      'Bitte begleichen Sie den offenen Betrag. Haben Sie inzwischen gezahlt, betrachten Sie diese Erinnerung bitte als gegenstandslos. Die Rechnung ist beigefügt.',
  },
  fr: {
    subject: 'Rappel : la facture {{ number }} émise par {{ brand }} pour {{ clientName }} est échue',
    opening:
      'La facture {{ number }} était payable au plus tard le {{ dueDay }} et nous n’avons pas encore reçu la totalité du paiement.',
    facts: facts({
      client: 'Client',
      number: 'Facture',
      total: 'Total',
      amountDue: 'Montant dû',
      dueDay: 'Échéance',
      daysLate: 'Jours de retard',
    }),
    closing:
      'Nous vous prions de régler le montant dû. Si vous avez payé entre-temps, veuillez ne pas tenir compte de ce rappel. La facture est jointe.',
  },
  pt: {
    subject: 'Lembrete: a fatura {{ number }} de {{ brand }} para {{ clientName }} está vencida',
    opening: 'A fatura {{ number }} venceu em {{ dueDay }} e ainda não recebemos o pagamento completo.',
    facts: facts({
      client: 'Cliente',
      number: 'Fatura',
      total: 'Total',
      amountDue: 'Valor em dívida',
      dueDay: 'Vencimento',
      daysLate: 'Dias de atraso',
    }),
    closing:
      'Agradecemos o pagamento do valor em dívida. Se entretanto já pagou, ignore este lembrete. A fatura segue em anexo.',
  },
}
