/**
 * What did PostgreSQL say a moment ago? Remembers an answer for a second, then asks again; asks once for all who
 * wait for the same.
 *
 * While PostgreSQL does not answer, what was known before goes on: authorizations must not die with the
 * database. Answers of "nobody" are remembered too, so a flood of one wrong key does not reach PostgreSQL; many
 * different ones push out the oldest.
 */
interface Remembered<Value> {
  value: Value | undefined
  /** Epoch milliseconds. */
  checkedAt: number
}

const rememberedMs = 1000
const maxRemembered = 10_000

export class TtlCache<Value> {
  readonly #lookUp: (key: string) => Promise<Value | undefined>
  readonly #remembered = new Map<string, Remembered<Value>>()
  readonly #underWay = new Map<string, Promise<Remembered<Value>>>()

  constructor(lookUp: (key: string) => Promise<Value | undefined>) {
    this.#lookUp = lookUp
  }

  /** Without asking anybody; undefined also where the answer is older than a second. */
  recall(key: string, now: number): Value | undefined {
    const known = this.#remembered.get(key)
    return known && now - known.checkedAt < rememberedMs ? known.value : undefined
  }

  /** Throws what the look-up throws where nothing was known before. */
  async find(key: string, now: number): Promise<Value | undefined> {
    const known = this.#remembered.get(key)
    if (known && now - known.checkedAt < rememberedMs) return known.value
    try {
      return (await this.#askOnce(key)).value
    } catch (error) {
      if (!known) throw error
      return known.value
    }
  }

  /** Whether the last answer was somebody. */
  isKnown(key: string): boolean {
    return this.#remembered.get(key)?.value !== undefined
  }

  forget(key: string): void {
    this.#remembered.delete(key)
    this.#underWay.delete(key)
  }

  forgetAll(): void {
    this.#remembered.clear()
    this.#underWay.clear()
  }

  #askOnce(key: string): Promise<Remembered<Value>> {
    const running = this.#underWay.get(key)
    if (running) return running
    const started = this.#ask(key).then(
      (found) => {
        if (this.#isOver(key, started)) this.#remember(key, found)
        return found
      },
      (error) => {
        this.#isOver(key, started)
        throw error
      },
    )
    this.#underWay.set(key, started)
    return started
  }

  /** False where the key was forgotten meanwhile: what the look-up has found may be the state before. */
  #isOver(key: string, lookUp: Promise<Remembered<Value>>): boolean {
    return this.#underWay.get(key) === lookUp && this.#underWay.delete(key)
  }

  async #ask(key: string): Promise<Remembered<Value>> {
    return { value: await this.#lookUp(key), checkedAt: Date.now() }
  }

  #remember(key: string, found: Remembered<Value>): void {
    if (this.#remembered.size >= maxRemembered) {
      const oldest = this.#remembered.keys().next().value
      if (oldest !== undefined) this.#remembered.delete(oldest)
    }
    this.#remembered.delete(key)
    this.#remembered.set(key, found)
  }
}
