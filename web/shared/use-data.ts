/**
 * What a page shows of the API: asked for when it opens and whenever `key` changes. What was there stays while the next
 * answer is on its way; a failure is kept beside it, with a way to try again. null as key: nothing to ask.
 */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface Loaded<Data> {
  data: Data | undefined
  error: Error | undefined
  isLoading: boolean
  reload(): void
}

export function useData<Data>(key: string | null, ask: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const [state, setState] = useState<{ key: string | null; data?: Data; error?: Error }>({ key: null })
  const [turn, setTurn] = useState(0)
  const latest = useRef(ask)
  latest.current = ask
  // A new turn asks the same again. Asked before the first paint, whose frame an effect would wait for.
  useLayoutEffect(() => {
    if (key === null) return
    const aborted = new AbortController()
    latest.current(aborted.signal).then(
      (data) => !aborted.signal.aborted && setState({ key, data }),
      (error: Error) => !aborted.signal.aborted && setState((before) => ({ ...before, key, error })),
    )
    return () => aborted.abort()
  }, [key, turn])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const isSame = state.key === key
  return {
    data: state.data,
    error: isSame ? state.error : undefined,
    isLoading: key !== null && !isSame,
    reload,
  }
}

export interface Pages<Row> extends Omit<Loaded<Row[]>, 'data'> {
  rows: Row[]
  /** undefined: that was all. */
  loadMore: (() => void) | undefined
}

/** A list page by page: `loadMore` adds the next one. */
export function usePages<Row>(
  key: string | null,
  ask: (
    cursor: string | undefined,
    signal: AbortSignal,
  ) => Promise<{ data: Row[]; nextCursor: string | null }>,
): Pages<Row> {
  const [more, setMore] = useState<{ key: string | null; rows: Row[]; nextCursor: string | null }>()
  const first = useData(key, (signal) => ask(undefined, signal))
  const later = more?.key === key && first.data && !first.isLoading ? more : undefined
  const cursor = later ? later.nextCursor : first.data?.nextCursor
  return {
    ...first,
    rows: [...(first.data?.data ?? []), ...(later?.rows ?? [])],
    reload() {
      setMore(undefined)
      first.reload()
    },
    loadMore:
      typeof cursor === 'string'
        ? () =>
            void ask(cursor, new AbortController().signal).then(({ data, nextCursor }) =>
              setMore({ key, rows: [...(later?.rows ?? []), ...data], nextCursor }),
            )
        : undefined,
  }
}
