/** Goes out with a scheduled report of a client or a brand, which is attached. */
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
  { label: labels.calls, value: '{{ calls }}', when: 'calls' },
  { label: labels.duration, value: '{{ duration }}', when: 'duration' },
  { label: labels.amount, value: '{{ amount }}', when: 'amount' },
]

export const callReport: Readonly<Record<string, Wording>> = {
  en: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Calls of {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}The report of{% else %}The calls of{% endif %} {{ clientName }} in this period:',
    facts: facts({
      client: 'Client',
      period: 'Period',
      calls: 'Calls',
      duration: 'Duration',
      amount: 'Amount',
    }),
    closing: 'The report is attached.',
  },
  es: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Llamadas de {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}El informe de{% else %}Las llamadas de{% endif %} {{ clientName }} en este período:',
    facts: facts({
      client: 'Cliente',
      period: 'Período',
      calls: 'Llamadas',
      duration: 'Duración',
      amount: 'Importe',
    }),
    closing: 'El informe va adjunto.',
  },
  ca: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Trucades de {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}L’informe de{% else %}Les trucades de{% endif %} {{ clientName }} en aquest període:',
    facts: facts({
      client: 'Client',
      period: 'Període',
      calls: 'Trucades',
      duration: 'Durada',
      amount: 'Import',
    }),
    closing: 'L’informe va adjunt.',
  },
  it: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Chiamate di {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}Il rapporto di{% else %}Le chiamate di{% endif %} {{ clientName }} in questo periodo:',
    facts: facts({
      client: 'Cliente',
      period: 'Periodo',
      calls: 'Chiamate',
      duration: 'Durata',
      amount: 'Importo',
    }),
    closing: 'Il rapporto è allegato.',
  },
}
