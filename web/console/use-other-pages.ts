/**
 * The pages but the overview: loaded at once where one of them was asked for, else a second behind the overview.
 */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { untilAnswered } from '../shared/until-answered.ts'

export interface Page {
  /** It is there where its section is. */
  section: string
  path: string
  component: ComponentType
}

const laterMs = 1000
let loading: Promise<readonly Page[]> | undefined

/** null: they are on their way. */
export function useOtherPages(): readonly Page[] | null {
  const { path } = useLocation()
  const [pages, setPages] = useState<readonly Page[] | null>(null)
  const isOverview = path === '/console'
  useEffect(() => {
    const timer = setTimeout(
      () => {
        loading ??= loadPages()
        void loading.then(setPages)
      },
      isOverview ? laterMs : 0,
    )
    return () => clearTimeout(timer)
  }, [isOverview])
  return pages
}

/** Code that is not there any more belongs to an earlier release: the page is loaded anew when the service answers. */
async function loadPages(): Promise<readonly Page[]> {
  try {
    return (await import('./pages.ts')).pages
  } catch {
    await untilAnswered(() => fetch(location.pathname))
    location.reload()
    return new Promise(() => {})
  }
}
