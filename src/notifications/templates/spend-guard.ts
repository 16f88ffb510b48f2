/** Told once per guard, client and hour, when a guard against toll fraud trips. */
import type { GuardAction, GuardLimit } from '../../limits/spend-guard.ts'
import type { Wording, Wordings } from '../mail-template.ts'

/** The words of a language, put together by `wording`. */
interface Words {
  subject: string
  opening: string
  labels: { client: string; guard: string; limit: string; value: string; spent: string; at: string }
  limits: Readonly<Record<GuardLimit, string>>
  actions: Readonly<Record<GuardAction, string>>
  closing: string
}

function wording({ subject, opening, labels, limits, actions, closing }: Words): Wording {
  return {
    subject,
    opening,
    facts: [
      { label: labels.client, value: '{{ clientName }}' },
      { label: labels.guard, value: '{{ guardName }}' },
      { label: labels.limit, value: chosen('limitName', limits) },
      { label: labels.value, value: '{{ limitValue }}', when: 'spent' },
      { label: labels.spent, value: '{{ spent }}', when: 'spent' },
      { label: labels.at, value: '{{ at }} ({{ timeZone }})' },
    ],
    closing: `${chosen('action', actions)} ${closing}`,
  }
}

function chosen(name: string, texts: Readonly<Record<string, string>>): string {
  const cases = Object.entries(texts).map(([value, text]) => `{% when '${value}' %}${text}`)
  return `{% case ${name} %}${cases.join('')}{% endcase %}`
}

export const spendGuard: Wordings = {
  en: wording({
    subject: '{{ clientName }}: guard “{{ guardName }}” has tripped',
    opening: 'Outgoing calls of {{ clientName }} have reached a limit of a guard against fraud.',
    labels: { client: 'Client', guard: 'Guard', limit: 'Limit', value: 'At most', spent: 'Spent', at: 'At' },
    limits: {
      spendPerHour: 'Spent in an hour',
      spendPerDay: 'Spent in 24 hours',
      callsPerMinute: 'Calls in a minute',
      runningCalls: 'Calls at the same time',
      distinctNumbersPerHour: 'Numbers called in an hour',
      newCountries: 'A country not called before',
    },
    actions: {
      alert: 'The calls go on: this guard only tells.',
      deny: 'Further calls that the guard concerns are refused; running ones go on.',
      'deny-and-hang-up': 'Further calls that the guard concerns are refused, and running ones are hung up.',
    },
    closing: 'Check whether somebody else uses the client’s lines. Emergency calls are not affected.',
  }),
  es: wording({
    subject: '{{ clientName }}: ha saltado la protección «{{ guardName }}»',
    opening:
      'Las llamadas salientes de {{ clientName }} han alcanzado un límite de protección contra el fraude.',
    labels: {
      client: 'Cliente',
      guard: 'Protección',
      limit: 'Límite',
      value: 'Máximo',
      spent: 'Consumido',
      at: 'Momento',
    },
    limits: {
      spendPerHour: 'Consumo en una hora',
      spendPerDay: 'Consumo en 24 horas',
      callsPerMinute: 'Llamadas en un minuto',
      runningCalls: 'Llamadas simultáneas',
      distinctNumbersPerHour: 'Números llamados en una hora',
      newCountries: 'Un país al que no se había llamado',
    },
    actions: {
      alert: 'Las llamadas continúan: esta protección solo avisa.',
      deny: 'Se rechazan más llamadas de este tipo; las que están en curso continúan.',
      'deny-and-hang-up': 'Se rechazan más llamadas de este tipo y se cuelgan las que están en curso.',
    },
    closing:
      'Compruebe si otra persona utiliza las líneas del cliente. Las llamadas de emergencia no se ven afectadas.',
  }),
  ca: wording({
    subject: '{{ clientName }}: ha saltat la protecció «{{ guardName }}»',
    opening:
      'Les trucades sortints del client {{ clientName }} han assolit un límit de protecció contra el frau.',
    labels: {
      client: 'Client',
      guard: 'Protecció',
      limit: 'Límit',
      value: 'Màxim',
      spent: 'Consumit',
      at: 'Moment',
    },
    limits: {
      spendPerHour: 'Consum en una hora',
      spendPerDay: 'Consum en 24 hores',
      callsPerMinute: 'Trucades en un minut',
      runningCalls: 'Trucades simultànies',
      distinctNumbersPerHour: 'Números trucats en una hora',
      newCountries: 'Un país on no s’havia trucat',
    },
    actions: {
      alert: 'Les trucades continuen: aquesta protecció només avisa.',
      deny: 'Es rebutgen més trucades d’aquest tipus; les que estan en curs continuen.',
      'deny-and-hang-up': 'Es rebutgen més trucades d’aquest tipus i es pengen les que estan en curs.',
    },
    closing:
      'Comproveu si algú altre fa servir les línies del client. Les trucades d’emergència no en queden afectades.',
  }),
  it: wording({
    subject: '{{ clientName }}: è scattata la protezione «{{ guardName }}»',
    opening: 'Le chiamate in uscita di {{ clientName }} hanno raggiunto un limite di protezione dalle frodi.',
    labels: {
      client: 'Cliente',
      guard: 'Protezione',
      limit: 'Limite',
      value: 'Massimo',
      spent: 'Speso',
      at: 'Momento',
    },
    limits: {
      spendPerHour: 'Spesa in un’ora',
      spendPerDay: 'Spesa in 24 ore',
      callsPerMinute: 'Chiamate in un minuto',
      runningCalls: 'Chiamate contemporanee',
      distinctNumbersPerHour: 'Numeri chiamati in un’ora',
      newCountries: 'Un Paese mai chiamato prima',
    },
    actions: {
      alert: 'Le chiamate continuano: questa protezione avvisa soltanto.',
      deny: 'Altre chiamate di questo tipo sono rifiutate; quelle in corso continuano.',
      'deny-and-hang-up': 'Altre chiamate di questo tipo sono rifiutate e quelle in corso vengono chiuse.',
    },
    closing:
      'Verificare se qualcun altro usa le linee del cliente. Le chiamate di emergenza non ne risentono.',
  }),
  de: wording({
    subject: '{{ clientName }}: Der Schutz „{{ guardName }}“ hat ausgelöst',
    opening: 'Ausgehende Anrufe von {{ clientName }} haben eine Grenze des Schutzes vor Betrug erreicht.',
    labels: {
      client: 'Kunde',
      guard: 'Schutz',
      limit: 'Grenze',
      value: 'Höchstens',
      spent: 'Ausgegeben',
      at: 'Zeitpunkt',
    },
    limits: {
      spendPerHour: 'Ausgaben in einer Stunde',
      spendPerDay: 'Ausgaben in 24 Stunden',
      callsPerMinute: 'Anrufe in einer Minute',
      runningCalls: 'Gleichzeitige Anrufe',
      distinctNumbersPerHour: 'Angerufene Nummern in einer Stunde',
      newCountries: 'Ein bisher nicht angerufenes Land',
    },
    actions: {
      alert: 'Die Anrufe gehen weiter: Dieser Schutz meldet nur.',
      deny: 'Weitere Anrufe dieser Art werden abgewiesen; laufende gehen weiter.',
      'deny-and-hang-up': 'Weitere Anrufe dieser Art werden abgewiesen und laufende beendet.',
    },
    closing:
      'Bitte prüfen Sie, ob jemand anderes die Leitungen des Kunden benutzt. Notrufe sind nicht betroffen.',
  }),
  fr: wording({
    subject: '{{ clientName }} : la protection « {{ guardName }} » s’est déclenchée',
    opening:
      'Les appels sortants du client {{ clientName }} ont atteint une limite de protection contre la fraude.',
    labels: {
      client: 'Client',
      guard: 'Protection',
      limit: 'Limite',
      value: 'Maximum',
      spent: 'Dépensé',
      at: 'Moment',
    },
    limits: {
      spendPerHour: 'Dépense en une heure',
      spendPerDay: 'Dépense en 24 heures',
      callsPerMinute: 'Appels en une minute',
      runningCalls: 'Appels simultanés',
      distinctNumbersPerHour: 'Numéros appelés en une heure',
      newCountries: 'Un pays jamais appelé auparavant',
    },
    actions: {
      alert: 'Les appels continuent : cette protection ne fait qu’avertir.',
      deny: 'D’autres appels de ce type sont refusés ; ceux en cours continuent.',
      'deny-and-hang-up': 'D’autres appels de ce type sont refusés et ceux en cours sont interrompus.',
    },
    closing:
      'Vérifiez si quelqu’un d’autre utilise les lignes du client. Les appels d’urgence ne sont pas concernés.',
  }),
  pt: wording({
    subject: '{{ clientName }}: a proteção «{{ guardName }}» disparou',
    opening: 'As chamadas de saída de {{ clientName }} atingiram um limite de proteção contra a fraude.',
    labels: {
      client: 'Cliente',
      guard: 'Proteção',
      limit: 'Limite',
      value: 'Máximo',
      spent: 'Gasto',
      at: 'Momento',
    },
    limits: {
      spendPerHour: 'Gasto numa hora',
      spendPerDay: 'Gasto em 24 horas',
      callsPerMinute: 'Chamadas num minuto',
      runningCalls: 'Chamadas em simultâneo',
      distinctNumbersPerHour: 'Números chamados numa hora',
      newCountries: 'Um país nunca chamado antes',
    },
    actions: {
      alert: 'As chamadas continuam: esta proteção apenas avisa.',
      deny: 'Mais chamadas deste tipo são recusadas; as que estão em curso continuam.',
      'deny-and-hang-up': 'Mais chamadas deste tipo são recusadas e as que estão em curso são desligadas.',
    },
    closing:
      'Verifique se outra pessoa utiliza as linhas do cliente. As chamadas de emergência não são afetadas.',
  }),
}
