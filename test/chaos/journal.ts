/**
 * What was sent and what was acknowledged, written down before it is sent: the only witness that the checker believes beside
 * the database.
 */
import { appendFileSync } from 'node:fs'

export interface SentEvent {
  callId: string
  clientId: string
  kind: 'start' | 'end'
  body: string
  isPoison: boolean
  /** The broker has acknowledged at least one copy. */
  isAcked: boolean
}

export class Journal {
  /** By body: copies are one event. */
  readonly events = new Map<string, SentEvent>()
  readonly #file: string
  copies = 0
  unacked = 0

  constructor(file: string) {
    this.#file = file
  }

  sending(event: Omit<SentEvent, 'isAcked'>): SentEvent {
    const known = this.events.get(event.body)
    if (known) return known
    const noted = { ...event, isAcked: false }
    appendFileSync(this.#file, `${event.body}\n`)
    this.events.set(event.body, noted)
    return noted
  }
}
