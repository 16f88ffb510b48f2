/** Told once per local day, when a client's outbound paid calls stop. */
import type { Wordings } from '../mail-template.ts'

const facts = (labels: {
  client: string
  day: string
  limit: string
  usage: string
  reserved: string
  currency: string
}) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.day, value: '{{ day }} ({{ timeZone }})' },
  { label: labels.limit, value: '{{ limit }}', when: 'limit' },
  { label: labels.usage, value: '{{ usage }}' },
  { label: labels.reserved, value: '{{ reserved }}', when: 'reserved' },
  { label: labels.currency, value: '{{ currency }}' },
]

export const maxDailyUsage: Wordings = {
  en: {
    subject: '{{ clientName }}: daily limit reached on {{ day }}',
    opening: '{{ clientName }} has reached its limit for the calls of one day.',
    facts: facts({
      client: 'Client',
      day: 'Day',
      limit: 'Daily limit',
      usage: 'Used',
      reserved: 'Held by calls',
      currency: 'Currency',
    }),
    closing:
      'Outgoing paid calls are refused until midnight; the new day then begins by itself. Raising the limit allows them again at once. Incoming, free and emergency calls are not affected.',
  },
  es: {
    subject: '{{ clientName }}: límite diario alcanzado el {{ day }}',
    opening: '{{ clientName }} ha alcanzado su límite de consumo en llamadas para un día.',
    facts: facts({
      client: 'Cliente',
      day: 'Día',
      limit: 'Límite diario',
      usage: 'Consumido',
      reserved: 'En curso',
      currency: 'Moneda',
    }),
    closing:
      'Las llamadas salientes de pago se rechazan hasta la medianoche; el nuevo día empieza entonces por sí solo. Si se aumenta el límite, vuelven a permitirse de inmediato. Las llamadas entrantes, gratuitas y de emergencia no se ven afectadas.',
  },
  ca: {
    subject: '{{ clientName }}: límit diari assolit el {{ day }}',
    opening: '{{ clientName }} ha assolit el seu límit de consum en trucades per a un dia.',
    facts: facts({
      client: 'Client',
      day: 'Dia',
      limit: 'Límit diari',
      usage: 'Consumit',
      reserved: 'En curs',
      currency: 'Moneda',
    }),
    closing:
      'Les trucades sortints de pagament es rebutgen fins a mitjanit; aleshores el nou dia comença per si sol. Si s’augmenta el límit, es tornen a permetre de seguida. Les trucades entrants, gratuïtes i d’emergència no en queden afectades.',
  },
  it: {
    subject: '{{ clientName }}: limite giornaliero raggiunto il {{ day }}',
    opening: '{{ clientName }} ha raggiunto il proprio limite di spesa in chiamate per un giorno.',
    facts: facts({
      client: 'Cliente',
      day: 'Giorno',
      limit: 'Limite giornaliero',
      usage: 'Consumato',
      reserved: 'In corso',
      currency: 'Valuta',
    }),
    closing:
      'Le chiamate in uscita a pagamento sono rifiutate fino a mezzanotte; il nuovo giorno comincia poi da sé. Aumentando il limite sono di nuovo ammesse subito. Le chiamate in entrata, gratuite e di emergenza non ne risentono.',
  },
  de: {
    subject: '{{ clientName }}: Tageslimit am {{ day }} erreicht',
    opening: '{{ clientName }} hat das Limit für die Anrufe eines Tages erreicht.',
    facts: facts({
      client: 'Kunde',
      day: 'Tag',
      limit: 'Tageslimit',
      usage: 'Verbraucht',
      reserved: 'Gebunden',
      currency: 'Währung',
    }),
    closing:
      'Kostenpflichtige ausgehende Anrufe werden bis Mitternacht abgewiesen; danach beginnt der neue Tag von selbst. Wird das Limit erhöht, sind sie sofort wieder möglich. Eingehende, kostenlose und Notrufe sind nicht betroffen.',
  },
  fr: {
    subject: '{{ clientName }} : limite journalière atteinte le {{ day }}',
    opening: '{{ clientName }} a atteint sa limite pour les appels d’une journée.',
    facts: facts({
      client: 'Client',
      day: 'Jour',
      limit: 'Limite journalière',
      usage: 'Consommé',
      reserved: 'Réservé par les appels en cours',
      currency: 'Devise',
    }),
    closing:
      'Les appels sortants payants sont refusés jusqu’à minuit ; la nouvelle journée commence ensuite d’elle-même. Si la limite est relevée, ils sont de nouveau possibles aussitôt. Les appels entrants, gratuits et d’urgence ne sont pas concernés.',
  },
  pt: {
    subject: '{{ clientName }}: limite diário atingido em {{ day }}',
    opening: '{{ clientName }} atingiu o seu limite para as chamadas de um dia.',
    facts: facts({
      client: 'Cliente',
      day: 'Dia',
      limit: 'Limite diário',
      usage: 'Consumido',
      reserved: 'Reservado por chamadas em curso',
      currency: 'Moeda',
    }),
    closing:
      'As chamadas de saída pagas são recusadas até à meia-noite; o novo dia começa então por si só. Se o limite for aumentado, voltam a ser possíveis de imediato. As chamadas de entrada, gratuitas e de emergência não são afetadas.',
  },
}
