/**
 * What happens now, told by the service over one stream for the whole tab (`GET /v1/live`).
 *
 * The browser takes up a stream that was cut by itself. One that was refused, as by a service that restarts, is opened
 * anew here after a while.
 */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

export type LiveEvent = 'client' | 'figures' | 'fact' | 'reset'

type Listener = (data: unknown) => void

const againMs = 3000
const listeners = new Map<LiveEvent, Set<Listener>>()
const cutListeners = new Set<(isCut: boolean) => void>()
/** What is now, for whoever begins to look: of those events that tell all of it each time. */
const latest = new Map<LiveEvent, unknown>()
let source: EventSource | undefined
let isCut = false

/** Follows events of a kind until the answer is called. */
export function followLive(event: LiveEvent, listener: Listener): () => void {
  const others = listeners.get(event) ?? new Set()
  listeners.set(event, others.add(listener))
  open()
  return () => {
    others.delete(listener)
    if ([...listeners.values()].some(({ size }) => size > 0)) return
    close()
    // Nothing is shown that may be old.
    tellCut(false)
  }
}

/** Before anybody follows, for a page that begins with what is told: it finds what has come meanwhile. */
export function openEarly(): void {
  open()
}

/** The latest event of a kind; undefined until the first one. */
export function useLive<Data>(event: LiveEvent): Data | undefined {
  const [data, setData] = useState(latest.get(event))
  useLayoutEffect(() => {
    setData(latest.get(event))
    return followLive(event, setData)
  }, [event])
  return data as Data | undefined
}

/** Whether the stream is cut just now. */
export function useIsCut(): boolean {
  const [state, setState] = useState(isCut)
  useEffect(() => {
    cutListeners.add(setState)
    return () => {
      cutListeners.delete(setState)
    }
  }, [])
  return state
}

function open(): void {
  if (source) return
  const opened = new EventSource('/v1/live')
  source = opened
  opened.addEventListener('open', () => tellCut(false))
  opened.addEventListener('error', () => {
    if (source !== opened) return
    tellCut(true)
    if (opened.readyState !== EventSource.CLOSED) return
    close()
    setTimeout(() => {
      if ([...listeners.values()].some(({ size }) => size > 0)) open()
    }, againMs)
  })
  for (const event of ['client', 'figures', 'fact', 'reset'] as const) {
    opened.addEventListener(event, ({ data }) => {
      const read: unknown = JSON.parse(data)
      if (event === 'client' || event === 'figures') latest.set(event, read)
      for (const listener of listeners.get(event) ?? []) listener(read)
    })
  }
}

function close(): void {
  source?.close()
  source = undefined
  latest.clear()
}

function tellCut(now: boolean): void {
  if (isCut === now) return
  isCut = now
  for (const listener of cutListeners) listener(now)
}
