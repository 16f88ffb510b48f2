/** Goes out with a scheduled list of a client's calls, which is attached. */
import type { Wording } from '../mail-template.ts'

const facts = (labels: {
  client: string
  period: string
  calls: string
  duration: string
  amount: string
}) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.period, value: '{{ from }} – {{ until }} ({{ timeZone }})' },
  { label: labels.calls, value: '{{ calls }}' },
  { label: labels.duration, value: '{{ duration }}' },
  { label: labels.amount, value: '{{ amount }}' },
]

export const callReport: Readonly<Record<string, Wording>> = {
  en: {
    subject: 'Calls of {{ clientName }}, {{ from }} – {{ until }}',
    opening: 'The calls of {{ clientName }} in this period:',
    facts: facts({
      client: 'Client',
      period: 'Period',
      calls: 'Calls',
      duration: 'Duration',
      amount: 'Amount',
    }),
    closing: 'The list of calls is attached.',
  },
  es: {
    subject: 'Llamadas de {{ clientName }}, {{ from }} – {{ until }}',
    opening: 'Las llamadas de {{ clientName }} en este período:',
    facts: facts({
      client: 'Cliente',
      period: 'Período',
      calls: 'Llamadas',
      duration: 'Duración',
      amount: 'Importe',
    }),
    closing: 'La lista de llamadas va adjunta.',
  },
  ca: {
    subject: 'Trucades de {{ clientName }}, {{ from }} – {{ until }}',
    opening: 'Les trucades de {{ clientName }} en aquest període:',
    facts: facts({
      client: 'Client',
      period: 'Període',
      calls: 'Trucades',
      duration: 'Durada',
      amount: 'Import',
    }),
    closing: 'La llista de trucades va adjunta.',
  },
  it: {
    subject: 'Chiamate di {{ clientName }}, {{ from }} – {{ until }}',
    opening: 'Le chiamate di {{ clientName }} in questo periodo:',
    facts: facts({
      client: 'Cliente',
      period: 'Periodo',
      calls: 'Chiamate',
      duration: 'Durata',
      amount: 'Importo',
    }),
    closing: 'L’elenco delle chiamate è allegato.',
  },
}
