/**
 * Who may do what on NATS? The users of nats-server, one per role, each with its own subjects alone, as text of its
 * configuration. `deploy/nats-users.conf` is the same text for a server of your own; a test holds them equal.
 *
 * - the service: the consumer and the streams, by name; answers authorizations
 * - an engine: asks, tells, hears its own hang-ups and its own answers, and nothing of others
 * - facts: hears what the service publishes; it cannot make a consumer, since a consumer that pushes publishes
 *   wherever it likes. Its durable consumer `facts` on BILLING is made by the operator
 * - the operator: everything, for whoever looks after the server
 *
 * A password is text of nats-server's configuration: "quoted", or $NAME for a variable of the environment.
 */
export interface NatsUsers {
  service: string
  engines: readonly { name: string; password: string }[]
  facts: string
  operator: string
}

export function natsUsersText({ service, engines, facts, operator }: NatsUsers): string {
  return [
    'authorization {\n  users = [\n',
    '    # The service. Its least: what it publishes, its consumer and its two streams by name.\n',
    userText({
      name: 'tollgate',
      password: service,
      publish: [
        'calls.>',
        ...factSubjects,
        'engines.*.hangup',
        // What its replicas tell each other.
        'tollgate.>',
        // Answers to authorizations.
        '_INBOX.>',
        ...['CALLS', 'BILLING'].flatMap((stream) => [
          `$JS.API.STREAM.INFO.${stream}`,
          `$JS.API.STREAM.CREATE.${stream}`,
          `$JS.API.STREAM.UPDATE.${stream}`,
        ]),
        '$JS.API.STREAM.MSG.GET.CALLS',
        '$JS.API.CONSUMER.INFO.CALLS.tollgate',
        '$JS.API.CONSUMER.CREATE.CALLS.tollgate',
        '$JS.API.CONSUMER.DURABLE.CREATE.CALLS.tollgate',
        '$JS.API.CONSUMER.DELETE.CALLS.tollgate',
        '$JS.API.CONSUMER.MSG.NEXT.CALLS.tollgate',
        ...ackSubjects('CALLS.tollgate'),
      ],
      // With its queue group alone: a second listener would see every request.
      subscribe: ['billing.authorize tollgate', '_INBOX.tollgate.>', 'tollgate.>'],
    }),
    '    # An engine. Copy the block for each, with its name in place of the first one.\n',
    ...engines.map(({ name, password }) =>
      userText({
        name,
        password,
        publish: ['calls.>', 'billing.authorize'],
        subscribe: [`_INBOX.${name}.>`, `engines.${name}.hangup`],
      }),
    ),
    '    # Whoever reads facts: as they come, or from the durable consumer "facts" of BILLING, which the operator makes.\n',
    userText({
      name: 'facts',
      password: facts,
      publish: [
        '$JS.API.CONSUMER.INFO.BILLING.facts',
        '$JS.API.CONSUMER.MSG.NEXT.BILLING.facts',
        ...ackSubjects('BILLING.facts'),
      ],
      subscribe: [...factSubjects, '_INBOX.facts.>'],
    }),
    '    # Whoever looks after the server. No program uses it.\n',
    `    { user: operator, password: ${operator} }\n`,
    '  ]\n}\n',
  ].join('')
}

const factSubjects = ['calls', 'usage', 'balance', 'invoices', 'allowances', 'guards'].map(
  (subject) => `billing.${subject}.>`,
)

/** Newer servers put a domain and an account before the stream. */
function ackSubjects(consumer: string): string[] {
  return [`$JS.ACK.${consumer}.>`, `$JS.ACK.*.*.${consumer}.>`]
}

function userText(user: { name: string; password: string; publish: string[]; subscribe: string[] }): string {
  const list = (subjects: string[]) => `[\n${subjects.map((one) => `          "${one}"\n`).join('')}        ]`
  return `    {
      user: ${user.name}
      password: ${user.password}
      permissions {
        publish: ${list(user.publish)}
        subscribe: ${list(user.subscribe)}
      }
    }
`
}
