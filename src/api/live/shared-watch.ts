/**
 * One look for all who watch the same: however many tabs show a brand, its figures are read once every two seconds, and
 * not at all while nobody watches.
 *
 * Who comes is told what was last seen, which is as old as what everybody sees: also where the last one left before the next
 * look, as a page that is loaded anew. After that everybody hears when something has changed. A look that fails is tried again
 * at the next turn: a page shows the age of what it has.
 */
/** `text`: what is seen as JSON, made once for all. */
type Listener<Seen> = (seen: Seen, text: string) => void

interface Watch<Seen> {
  listeners: Set<Listener<Seen>>
  last: { seen: Seen; text: string } | undefined
  isLooking: boolean
}

export class SharedWatch<Place, Seen> {
  readonly #look: (place: Place) => Promise<Seen>
  readonly #everyMs: number
  readonly #watches = new Map<string, Watch<Seen>>()

  constructor(look: (place: Place) => Promise<Seen>, { everyMs }: { everyMs: number }) {
    this.#look = look
    this.#everyMs = everyMs
  }

  /** Answers how to stop. */
  follow(place: Place, listener: Listener<Seen>): () => void {
    const key = JSON.stringify(place)
    const watch = this.#watches.get(key) ?? this.#begin(key, place)
    watch.listeners.add(listener)
    if (watch.last) listener(watch.last.seen, watch.last.text)
    return () => {
      watch.listeners.delete(listener)
    }
  }

  #begin(key: string, place: Place): Watch<Seen> {
    const watch: Watch<Seen> = { listeners: new Set(), last: undefined, isLooking: false }
    this.#watches.set(key, watch)
    const timer = setInterval(() => {
      if (watch.listeners.size > 0) return void this.#lookAt(place, watch)
      clearInterval(timer)
      this.#watches.delete(key)
    }, this.#everyMs).unref()
    void this.#lookAt(place, watch)
    return watch
  }

  async #lookAt(place: Place, watch: Watch<Seen>): Promise<void> {
    if (watch.isLooking) return
    watch.isLooking = true
    try {
      const seen = await this.#look(place)
      const text = JSON.stringify(seen)
      const isNews = text !== watch.last?.text
      watch.last = { seen, text }
      if (isNews) for (const listener of watch.listeners) listener(seen, text)
    } catch {
      // Told by the readiness of the service and its log; the next turn looks again.
    } finally {
      watch.isLooking = false
    }
  }
}
