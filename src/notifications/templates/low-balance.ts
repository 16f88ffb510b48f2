/** Told when a balance falls through one of the client's thresholds. */
import type { Wordings } from '../mail-template.ts'

const facts = (labels: { client: string; balance: string; threshold: string; at: string }) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.balance, value: '{{ balance }}' },
  { label: labels.threshold, value: '{{ threshold }}' },
  { label: labels.at, value: '{{ at }} ({{ timeZone }})' },
]

export const lowBalance: Wordings = {
  en: {
    subject: '{{ clientName }}: the balance is {{ balance }}',
    opening: 'The balance of {{ clientName }} has fallen below {{ threshold }}.',
    facts: facts({ client: 'Client', balance: 'Balance', threshold: 'Threshold', at: 'Since' }),
    closing: 'Top up in time so that outgoing calls are not interrupted.',
  },
  es: {
    subject: '{{ clientName }}: el saldo es de {{ balance }}',
    opening: 'El saldo de {{ clientName }} ha bajado de {{ threshold }}.',
    facts: facts({ client: 'Cliente', balance: 'Saldo', threshold: 'Umbral', at: 'Desde' }),
    closing: 'Recargue a tiempo para que las llamadas salientes no se interrumpan.',
  },
  ca: {
    subject: '{{ clientName }}: el saldo és de {{ balance }}',
    opening: 'El saldo del client {{ clientName }} ha baixat de {{ threshold }}.',
    facts: facts({ client: 'Client', balance: 'Saldo', threshold: 'Llindar', at: 'Des de' }),
    closing: 'Recarregueu a temps perquè les trucades sortints no s’interrompin.',
  },
  it: {
    subject: '{{ clientName }}: il saldo è di {{ balance }}',
    opening: 'Il saldo di {{ clientName }} è sceso sotto {{ threshold }}.',
    facts: facts({ client: 'Cliente', balance: 'Saldo', threshold: 'Soglia', at: 'Dal' }),
    closing: 'Ricaricare in tempo perché le chiamate in uscita non vengano interrotte.',
  },
  de: {
    subject: '{{ clientName }}: Das Guthaben beträgt {{ balance }}',
    opening: 'Das Guthaben von {{ clientName }} ist unter {{ threshold }} gefallen.',
    facts: facts({ client: 'Kunde', balance: 'Guthaben', threshold: 'Schwelle', at: 'Seit' }),
    closing: 'Bitte laden Sie rechtzeitig auf, damit ausgehende Anrufe nicht unterbrochen werden.',
  },
  fr: {
    subject: '{{ clientName }} : le solde est de {{ balance }}',
    opening: 'Le solde du client {{ clientName }} est passé sous {{ threshold }}.',
    facts: facts({ client: 'Client', balance: 'Solde', threshold: 'Seuil', at: 'Depuis' }),
    closing: 'Rechargez à temps pour que les appels sortants ne soient pas interrompus.',
  },
  pt: {
    subject: '{{ clientName }}: o saldo é de {{ balance }}',
    opening: 'O saldo de {{ clientName }} desceu abaixo de {{ threshold }}.',
    facts: facts({ client: 'Cliente', balance: 'Saldo', threshold: 'Limiar', at: 'Desde' }),
    closing: 'Recarregue a tempo para que as chamadas de saída não sejam interrompidas.',
  },
}
