/**
 * The frame of every page: sections at the side, or behind a button on a phone; the content with its heading.
 */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { page } from './api.ts'
import { useIsCut } from './live.ts'
import { useLocale } from './locale.tsx'
import { useIsWaiting } from './until-answered.ts'

export interface Section {
  path: string
  name: string
}

export function Layout({
  product,
  owner,
  home,
  sections,
  user,
  onLogOut,
  children,
}: {
  /** Above the sections: whose pages these are. */
  product: string
  owner: string
  home: string
  sections: readonly (Section | { heading: string })[]
  user: string
  onLogOut(): void
  children: ComponentChildren
}) {
  const { words } = useLocale()
  const { path, url } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const content = useRef<HTMLElement>(null)
  const before = useRef(url)

  // A reader by ear begins at the content of the page that was opened.
  useEffect(() => {
    setOpen(false)
    if (before.current.split('?')[0] !== url.split('?')[0]) {
      content.current?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    before.current = url
  }, [url])

  const isCurrent = (section: Section) =>
    section.path === home ? path === home : path === section.path || path.startsWith(`${section.path}/`)

  return (
    <div class="frame">
      <a class="skip" href="#content">
        {words.skipToContent}
      </a>
      <header class="side">
        <div class="top">
          <a class="owner" href={home}>
            <strong>{owner}</strong>
            <span>{product}</span>
          </a>
          <button
            type="button"
            class="menu-button"
            aria-expanded={isOpen}
            aria-controls="sections"
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? words.close : words.menu}
          </button>
        </div>
        <nav id="sections" class={isOpen ? 'open' : undefined} aria-label={words.menu}>
          <ul>
            {sections.map((section) =>
              'heading' in section ? (
                <li key={section.heading} class="heading">
                  {section.heading}
                </li>
              ) : (
                <li key={section.path}>
                  <a href={section.path} aria-current={isCurrent(section) ? 'page' : undefined}>
                    {section.name}
                  </a>
                </li>
              ),
            )}
          </ul>
          <p class="user">
            <span>{user}</span>
            <button type="button" class="plain" onClick={onLogOut}>
              {words.logOut}
            </button>
          </p>
        </nav>
      </header>
      <main id="content" ref={content} tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** While the service does not answer, or the stream of events is cut: what is shown may be old. */
export function Banner() {
  const { words } = useLocale()
  const isCut = useIsCut()
  const isWaiting = useIsWaiting()
  return (
    <p class={isCut || isWaiting ? 'banner notice warn' : 'unseen'} role="status">
      {(isCut || isWaiting) && words.connectionLost}
    </p>
  )
}

/** The heading of a page, also in the browser's tab. */
export function Heading({ children, actions }: { children: string; actions?: ComponentChildren }) {
  useEffect(() => {
    document.title = children
  }, [children])
  return (
    <div class="heading-line">
      <h1>{children}</h1>
      {actions && <div class="actions">{actions}</div>}
    </div>
  )
}

export function NotFoundPage() {
  const { words } = useLocale()
  return (
    <>
      <Heading>{words.notFound}</Heading>
      <p>
        <a href={`/${page}`}>{words.overview}</a>
      </p>
    </>
  )
}

export function Card({
  title,
  children,
  actions,
  class: className,
}: {
  title: string
  children: ComponentChildren
  actions?: ComponentChildren
  class?: string
}) {
  return (
    <section class={className ? `card ${className}` : 'card'}>
      <div class="card-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** Names and what they are, one under the other. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren] | null)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

export function Badge({ tone, children }: { tone?: 'good' | 'bad' | 'warn' | undefined; children: string }) {
  return <span class={tone ? `badge ${tone}` : 'badge'}>{children}</span>
}
