/**
 * Whose console is open: who is logged in, what they may do, and the words of the console in their language.
 */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { useLocale } from '../shared/locale.tsx'
import { type Letter, type Me, mayDo } from '../shared/session.tsx'
import { type ConsoleWords, en } from '../words/console/en.ts'

export interface Console {
  me: Me
  /** Of this brand; null: of all. */
  brandId: string | null
  texts: ConsoleWords
  may(resource: string, letter?: Letter): boolean
}

const loaders: Record<string, () => Promise<ConsoleWords>> = {
  es: async () => (await import('../words/console/es.ts')).es,
  ca: async () => (await import('../words/console/ca.ts')).ca,
  it: async () => (await import('../words/console/it.ts')).it,
  de: async () => (await import('../words/console/de.ts')).de,
  fr: async () => (await import('../words/console/fr.ts')).fr,
  pt: async () => (await import('../words/console/pt.ts')).pt,
}

const ConsoleContext = createContext<Console | null>(null)

export function useConsole(): Console {
  const console = useContext(ConsoleContext)
  if (!console) throw new Error('outside of a console')
  return console
}

export function ConsoleProvider({ me, children }: { me: Me; children: ComponentChildren }) {
  const { language } = useLocale()
  const [texts, setTexts] = useState<ConsoleWords | null>(language === 'en' ? en : null)
  useEffect(() => {
    const load = loaders[language]
    if (!load) return setTexts(en)
    let isCurrent = true
    load().then((loaded) => isCurrent && setTexts(loaded))
    return () => {
      isCurrent = false
    }
  }, [language])
  if (!texts) return null
  const may = (resource: string, letter: Letter = 'r') => mayDo(me, resource, letter)
  return (
    <ConsoleContext.Provider value={{ me, brandId: me.brand?.id ?? null, texts, may }}>
      {children}
    </ConsoleContext.Provider>
  )
}
