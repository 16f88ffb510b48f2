/**
 * Publishes to JetStream and waits until a stream has stored the message.
 *
 * Instead of `publish` of nats.js 2.29, whose requests make an error with its stack trace even where they are answered: a tenth
 * of what the service does for a call that it settles. May go when they no longer do. What is thrown are nats.js' own errors.
 */
import { createInbox, ErrorCode, type Msg, type MsgHdrs, type NatsConnection, NatsError } from 'nats'

export interface Stored {
  stream: string
  seq: number
  /** The broker had this message id already and stored nothing. */
  duplicate: boolean
}

interface Waiting {
  resolve(stored: Stored): void
  reject(error: NatsError): void
  timer: NodeJS.Timeout
}

interface Answer {
  stream?: string
  seq?: number
  duplicate?: boolean
  error?: { code: number; err_code: number; description: string }
}

export class StoredPublisher {
  readonly #connection: NatsConnection
  /** Answers come to the subjects below. */
  readonly #inbox: string
  readonly #waiting = new Map<string, Waiting>()
  #last = 0

  constructor(connection: NatsConnection, inboxPrefix: string | undefined) {
    this.#connection = connection
    this.#inbox = `${createInbox(inboxPrefix)}.`
    connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (!error) this.#take(message)
      },
    })
    void connection.closed().then(() => {
      for (const id of this.#waiting.keys()) this.#refuse(id, makeError(ErrorCode.ConnectionClosed))
    })
  }

  publish(
    subject: string,
    bytes: Uint8Array,
    { headers, timeoutMs }: { headers: MsgHdrs; timeoutMs: number },
  ): Promise<Stored> {
    const id = String(++this.#last)
    return new Promise((resolve, reject) => {
      this.#connection.publish(subject, bytes, { reply: this.#inbox + id, headers })
      const timer = setTimeout(() => this.#refuse(id, makeError(ErrorCode.Timeout)), timeoutMs)
      this.#waiting.set(id, { resolve, reject, timer })
    })
  }

  #take(message: Msg): void {
    const id = message.subject.slice(this.#inbox.length)
    const answer = readAnswer(message)
    if (answer instanceof NatsError) this.#refuse(id, answer)
    else this.#forget(id)?.resolve(answer)
  }

  #refuse(id: string, error: NatsError): void {
    this.#forget(id)?.reject(error)
  }

  #forget(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    clearTimeout(waiting?.timer)
    return waiting
  }
}

function readAnswer(message: Msg): Stored | NatsError {
  // No stream takes the subject: the server answers itself, by a header alone.
  if (message.data.length === 0) return makeError(ErrorCode.NoResponders)
  let answer: Answer
  try {
    answer = message.json<Answer>()
  } catch {
    return makeError(ErrorCode.JetStreamInvalidAck)
  }
  const { stream, seq, duplicate = false, error } = answer
  if (error) {
    return Object.assign(new NatsError(error.description, String(error.code)), { api_error: error })
  }
  return stream && seq !== undefined ? { stream, seq, duplicate } : makeError(ErrorCode.JetStreamInvalidAck)
}

const makeError = (code: ErrorCode) => NatsError.errorForCode(code)
