/**
 * The pages before the log-in: log in, ask for a new password, set one by the link of a mail.
 */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api, page, type TollgateProblem } from './api.ts'
import { Form, SubmitButton, TextField } from './form.tsx'
import icon from './icon.svg'
import { Heading } from './layout.tsx'
import { useLocale } from './locale.tsx'
import { useSession } from './session.tsx'

const home = `/${page}`

export function Door({ withKeys = false }: { withKeys?: boolean }) {
  const { path } = useLocation()
  if (path === `${home}/forgotten-password`) return <Forgotten />
  if (path === `${home}/new-password`) return <NewPassword />
  return <LogIn withKeys={withKeys} />
}

function Frame({ children, foot }: { children: ComponentChildren; foot: ComponentChildren }) {
  return (
    <main class="door">
      <p class="mark">
        <img src={icon} alt="" />
        Tollgate
      </p>
      <div class="card">{children}</div>
      <p class="door-foot">{foot}</p>
    </main>
  )
}

function LogIn({ withKeys }: { withKeys: boolean }) {
  const { words } = useLocale()
  const { enter } = useSession()
  const [hasKey, setHasKey] = useState(false)
  const isPortal = page === 'portal'
  const explain = ({ status }: TollgateProblem) => {
    if (status === 429) return words.tooManyTries
    return status === 401 ? (hasKey ? words.wrongKey : words.wrongLogin) : undefined
  }
  return (
    <Frame
      foot={
        <>
          <a href={`${home}/forgotten-password`}>{words.forgotten}</a>
          {isPortal ? <a href="/console">{words.operatorLink}</a> : <a href="/portal">{words.portalLink}</a>}
        </>
      }
    >
      <Heading>{isPortal ? words.logInTitle : words.logInConsole}</Heading>
      {hasKey ? (
        <Form
          key="key"
          explain={explain}
          send={async ({ key = '' }) => {
            await api('POST /v1/sessions/cookie/key', { body: { key: key.trim() } })
            await enter()
          }}
        >
          <TextField name="key" label={words.apiKey} type="password" required autocomplete="off" />
          <SubmitButton>{words.logIn}</SubmitButton>
        </Form>
      ) : (
        <Form
          key="password"
          explain={explain}
          send={async ({ owner = '', username = '', password = '' }) => {
            await api('POST /v1/sessions/cookie', { body: { ...named(owner), username, password } })
            await enter()
          }}
        >
          <OwnerField />
          <TextField
            name="username"
            label={words.username}
            required
            autocomplete="username"
            maxLength={254}
          />
          <TextField
            name="password"
            label={words.password}
            type="password"
            required
            autocomplete="current-password"
            maxLength={256}
          />
          <SubmitButton>{words.logIn}</SubmitButton>
        </Form>
      )}
      {withKeys && (
        <button type="button" class="plain" onClick={() => setHasKey(!hasKey)}>
          {hasKey ? words.withPassword : words.withKey}
        </button>
      )}
    </Frame>
  )
}

/** Whose user it is: the client's in the portal, the brand's in the console. A link may say it. */
function OwnerField() {
  const { words } = useLocale()
  const { query } = useLocation()
  const isPortal = page === 'portal'
  return (
    <TextField
      name="owner"
      label={isPortal ? words.client : words.brand}
      hint={isPortal ? words.clientHint : words.brandHint}
      value={query.of ?? ''}
      required
      autocomplete="organization"
      maxLength={253}
    />
  )
}

function named(owner: string): { client: string } | { brand: string } {
  return page === 'portal' ? { client: owner.trim() } : { brand: owner.trim() }
}

function Forgotten() {
  const { words } = useLocale()
  return (
    <Frame foot={<a href={home}>{words.logIn}</a>}>
      <Heading>{words.forgottenTitle}</Heading>
      <p class="muted">{words.forgottenText}</p>
      <Form
        done={words.linkSent}
        explain={({ status }) => (status === 429 ? words.tooManyTries : undefined)}
        send={({ owner = '', username = '' }) =>
          api('POST /v1/sessions/forgotten-password', { body: { ...named(owner), username } })
        }
      >
        <OwnerField />
        <TextField name="username" label={words.username} required autocomplete="username" maxLength={254} />
        <SubmitButton>{words.sendLink}</SubmitButton>
      </Form>
    </Frame>
  )
}

/** The token stands behind the `#`, so that no server and no log sees it. */
function NewPassword() {
  const { words } = useLocale()
  const [token] = useState(() => location.hash.slice(1))
  const [isSet, setIsSet] = useState(false)
  return (
    <Frame foot={<a href={home}>{words.logIn}</a>}>
      <Heading>{words.chooseNew}</Heading>
      {isSet ? (
        <p class="notice good" role="status">
          {words.passwordSet}
        </p>
      ) : (
        <Form
          explain={({ status }) =>
            status === 401 ? words.badLink : status === 429 ? words.tooManyTries : undefined
          }
          send={async ({ newPassword = '' }) => {
            await api('POST /v1/sessions/new-password', { body: { token, newPassword } })
            history.replaceState(null, '', location.pathname)
            setIsSet(true)
          }}
        >
          <NewPasswordField />
          <SubmitButton>{words.setPassword}</SubmitButton>
        </Form>
      )}
    </Frame>
  )
}

export function NewPasswordField() {
  const { words } = useLocale()
  return (
    <TextField
      name="newPassword"
      label={words.newPassword}
      hint={words.newPasswordHint}
      type="password"
      required
      minLength={10}
      maxLength={256}
      autocomplete="new-password"
    />
  )
}
