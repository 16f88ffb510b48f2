/** Goes out with a scheduled report of a client or a brand, which is attached. */
import type { Wordings } from '../mail-template.ts'

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

export const callReport: Wordings = {
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
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Trucades del client {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
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
  de: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Anrufe von {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}Der Bericht von{% else %}Die Anrufe von{% endif %} {{ clientName }} in diesem Zeitraum:',
    facts: facts({
      client: 'Kunde',
      period: 'Zeitraum',
      calls: 'Anrufe',
      duration: 'Dauer',
      amount: 'Betrag',
    }),
    closing: 'Der Bericht ist beigefügt.',
  },
  fr: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }} : {{ clientName }}{% else %}Appels du client {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}Le rapport de{% else %}Les appels de{% endif %} {{ clientName }} pour cette période :',
    facts: facts({
      client: 'Client',
      period: 'Période',
      calls: 'Appels',
      duration: 'Durée',
      amount: 'Montant',
    }),
    closing: 'Le rapport est joint.',
  },
  pt: {
    subject:
      "{% if scheduleName != '' %}{{ scheduleName }}: {{ clientName }}{% else %}Chamadas de {{ clientName }}{% endif %}, {{ from }} – {{ until }}",
    opening:
      '{% if scheduleName != "" %}O relatório de{% else %}As chamadas de{% endif %} {{ clientName }} neste período:',
    facts: facts({
      client: 'Cliente',
      period: 'Período',
      calls: 'Chamadas',
      duration: 'Duração',
      amount: 'Montante',
    }),
    closing: 'O relatório segue em anexo.',
  },
}
