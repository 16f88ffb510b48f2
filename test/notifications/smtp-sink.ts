/**
 * A real SMTP server that keeps what it is sent and refuses what it is told to.
 */
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface SmtpSink {
  url: string
  mails: { recipients: string[]; raw: string; parsed: ParsedMail }[]
  /** Answers to give instead of 250; `dieAfterData`: the mail is taken and the connection cut unanswered. */
  behaviour: { rcpt?: number; data?: number; mailFrom?: number; greeting?: number; dieAfterData?: boolean }
  /** Conversations begun. */
  connections: number
  close(): Promise<void>
}

export async function openSmtpSink(port = 0): Promise<SmtpSink> {
  const sink: SmtpSink = { url: '', mails: [], behaviour: {}, connections: 0, close: async () => {} }
  const answer = (code: number) => Object.assign(new Error(`${code} as told`), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onConnect(_session, done) {
      sink.connections += 1
      done(sink.behaviour.greeting ? answer(sink.behaviour.greeting) : null)
    },
    onMailFrom(_address, _session, done) {
      done(sink.behaviour.mailFrom ? answer(sink.behaviour.mailFrom) : null)
    },
    onRcptTo(_address, _session, done) {
      done(sink.behaviour.rcpt ? answer(sink.behaviour.rcpt) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString()
        if (sink.behaviour.data) return done(answer(sink.behaviour.data))
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        sink.mails.push({ recipients, raw, parsed: await simpleParser(raw) })
        if (sink.behaviour.dieAfterData) {
          for (const connection of server.connections) connection.close()
        } else done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the mail server has no port')
  sink.url = `smtp://127.0.0.1:${address.port}`
  sink.close = () => new Promise((resolve) => server.close(() => resolve()))
  return sink
}
