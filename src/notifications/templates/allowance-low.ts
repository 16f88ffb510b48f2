/** Told at 80 and 100 % of an item of an allowance, once each a period. */
import type { Wordings } from '../mail-template.ts'

const facts = (labels: { client: string; item: string; used: string; included: string; at: string }) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.item, value: '{{ itemName }}' },
  { label: labels.used, value: '{{ used }}' },
  { label: labels.included, value: '{{ included }}' },
  { label: labels.at, value: '{{ at }} ({{ timeZone }})' },
]

export const allowanceLow: Wordings = {
  en: {
    subject: '{{ clientName }}: {{ percent }}% of {{ itemName }} used',
    opening: '{{ clientName }} has used {{ percent }}% of {{ itemName }} in this period.',
    facts: facts({
      client: 'Client',
      item: 'Allowance',
      used: 'Used',
      included: 'Included',
      at: 'Reached on',
    }),
    closing: 'Calls beyond it are charged by the rates of the plan.',
  },
  es: {
    subject: '{{ clientName }}: {{ percent }} % de {{ itemName }} consumido',
    opening: '{{ clientName }} ha consumido el {{ percent }} % de {{ itemName }} en este periodo.',
    facts: facts({
      client: 'Cliente',
      item: 'Bono',
      used: 'Consumido',
      included: 'Incluido',
      at: 'Alcanzado el',
    }),
    closing: 'Las llamadas que lo superen se cobran según las tarifas del plan.',
  },
  ca: {
    subject: '{{ clientName }}: {{ percent }} % de {{ itemName }} consumit',
    opening: '{{ clientName }} ha consumit el {{ percent }} % de {{ itemName }} en aquest període.',
    facts: facts({ client: 'Client', item: 'Bo', used: 'Consumit', included: 'Inclòs', at: 'Assolit el' }),
    closing: 'Les trucades que el superin es cobren segons les tarifes del pla.',
  },
  it: {
    subject: '{{ clientName }}: {{ percent }} % di {{ itemName }} utilizzato',
    opening:
      '{{ clientName }} ha utilizzato {% if percent == "80" %}l’{% else %}il {% endif %}{{ percent }} % di {{ itemName }} in questo periodo.',
    facts: facts({
      client: 'Cliente',
      item: 'Pacchetto',
      used: 'Utilizzato',
      included: 'Incluso',
      at: 'Raggiunto il',
    }),
    closing: 'Le chiamate oltre il pacchetto sono addebitate secondo le tariffe del piano.',
  },
  de: {
    subject: '{{ clientName }}: {{ percent }} % von {{ itemName }} verbraucht',
    opening: '{{ clientName }} hat in diesem Zeitraum {{ percent }} % von {{ itemName }} verbraucht.',
    facts: facts({
      client: 'Kunde',
      item: 'Paket',
      used: 'Verbraucht',
      included: 'Enthalten',
      at: 'Erreicht am',
    }),
    closing: 'Anrufe darüber hinaus werden nach den Tarifen des Plans berechnet.',
  },
  fr: {
    subject: '{{ clientName }} : {{ percent }} % de {{ itemName }} utilisés',
    opening: '{{ clientName }} a utilisé {{ percent }} % de {{ itemName }} pendant cette période.',
    facts: facts({
      client: 'Client',
      item: 'Forfait',
      used: 'Utilisé',
      included: 'Inclus',
      at: 'Atteint le',
    }),
    closing: 'Les appels au-delà sont facturés selon les tarifs du plan.',
  },
  pt: {
    subject: '{{ clientName }}: {{ percent }} % de {{ itemName }} utilizado',
    opening: '{{ clientName }} utilizou {{ percent }} % de {{ itemName }} neste período.',
    facts: facts({
      client: 'Cliente',
      item: 'Pacote',
      used: 'Utilizado',
      included: 'Incluído',
      at: 'Atingido em',
    }),
    closing: 'As chamadas que o excedam são cobradas pelas tarifas do plano.',
  },
}
