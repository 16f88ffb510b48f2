/** Goes out when somebody has asked for a new password: the link sets it, once. */
import type { Wordings } from '../mail-template.ts'

const facts = (labels: { client: string; username: string; link: string; until: string }) => [
  { label: labels.client, value: '{{ clientName }}' },
  { label: labels.username, value: '{{ username }}' },
  { label: labels.link, value: '{{ link }}' },
  { label: labels.until, value: '{{ until }} ({{ timeZone }})' },
]

export const passwordReset: Wordings = {
  en: {
    subject: '{{ clientName }}: set a new password',
    opening: 'A new password was requested for {{ username }} of {{ clientName }}. Open this link to set it:',
    facts: facts({ client: 'Account', username: 'User', link: 'Link', until: 'Valid until' }),
    closing: 'If you did not request it, ignore this mail: the password stays as it is.',
  },
  es: {
    subject: '{{ clientName }}: establecer una nueva contraseña',
    opening:
      'Se ha solicitado una nueva contraseña para {{ username }} de {{ clientName }}. Abra este enlace para establecerla:',
    facts: facts({ client: 'Cuenta', username: 'Usuario', link: 'Enlace', until: 'Válido hasta' }),
    closing: 'Si no la ha solicitado, ignore este correo: la contraseña no cambia.',
  },
  ca: {
    subject: '{{ clientName }}: establir una contrasenya nova',
    opening:
      'S’ha sol·licitat una contrasenya nova per a {{ username }} (client {{ clientName }}). Obriu aquest enllaç per establir-la:',
    facts: facts({ client: 'Compte', username: 'Usuari', link: 'Enllaç', until: 'Vàlid fins al' }),
    closing: 'Si no l’heu sol·licitada, ignoreu aquest correu: la contrasenya no canvia.',
  },
  it: {
    subject: '{{ clientName }}: impostare una nuova password',
    opening:
      'È stata richiesta una nuova password per {{ username }} di {{ clientName }}. Aprire questo link per impostarla:',
    facts: facts({ client: 'Account', username: 'Utente', link: 'Link', until: 'Valido fino al' }),
    closing: 'Se non è stata richiesta da lei, ignori questa e-mail: la password resta invariata.',
  },
  de: {
    subject: '{{ clientName }}: Neues Passwort festlegen',
    opening:
      'Für {{ username }} von {{ clientName }} wurde ein neues Passwort angefordert. Öffnen Sie diesen Link, um es festzulegen:',
    facts: facts({ client: 'Konto', username: 'Benutzer', link: 'Link', until: 'Gültig bis' }),
    closing:
      'Wenn Sie es nicht angefordert haben, ignorieren Sie diese E-Mail: Das Passwort bleibt, wie es ist.',
  },
  fr: {
    subject: '{{ clientName }} : définir un nouveau mot de passe',
    opening:
      'Un nouveau mot de passe a été demandé pour {{ username }} (client {{ clientName }}). Ouvrez ce lien pour le définir :',
    facts: facts({ client: 'Compte', username: 'Utilisateur', link: 'Lien', until: 'Valable jusqu’au' }),
    closing: 'Si vous ne l’avez pas demandé, ignorez cet e-mail : le mot de passe ne change pas.',
  },
  pt: {
    subject: '{{ clientName }}: definir uma nova palavra-passe',
    opening:
      'Foi pedida uma nova palavra-passe para {{ username }} de {{ clientName }}. Abra esta ligação para a definir:',
    facts: facts({ client: 'Conta', username: 'Utilizador', link: 'Ligação', until: 'Válida até' }),
    closing: 'Se não a pediu, ignore este e-mail: a palavra-passe mantém-se.',
  },
}
