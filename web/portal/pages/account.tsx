/**
 * The own account: password, language and appearance.
 */
import { useState } from 'preact/hooks'
import { api, page } from '../../shared/api.ts'
import { NewPasswordField } from '../../shared/door.tsx'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { chooseLanguage, chosenLanguage, languages, useLocale } from '../../shared/locale.tsx'
import { useSession } from '../../shared/session.tsx'
import { chooseTheme, chosenTheme, themes } from '../../shared/theme.ts'

export function AccountPage() {
  const { words } = useLocale()
  const { session } = useSession()
  const admin = session.state === 'in' ? session.me.admin : null
  return (
    <>
      <Heading>{words.account}</Heading>
      <div class="cards">
        {admin && (
          <Card title={words.account}>
            <Facts
              facts={[
                [words.name, admin.name],
                [words.username, admin.username],
                admin.email ? [words.email, admin.email] : null,
              ]}
            />
          </Card>
        )}
        {admin && <PasswordCard />}
        <PageSettings />
      </div>
    </>
  )
}

function PasswordCard() {
  const { words } = useLocale()
  return (
    <Card title={words.changePassword}>
      <Form
        done={words.passwordChanged}
        explain={({ code, status }) =>
          code === 'wrong_password' ? words.wrongPassword : status === 429 ? words.tooManyTries : undefined
        }
        send={async ({ currentPassword = '', newPassword = '' }, _ifMatch, { form }) => {
          await api('PUT /v1/sessions/password', { body: { currentPassword, newPassword } })
          form.reset()
        }}
      >
        <TextField
          name="currentPassword"
          label={words.currentPassword}
          type="password"
          required
          autocomplete="current-password"
        />
        <NewPasswordField />
        <SubmitButton>{words.setPassword}</SubmitButton>
      </Form>
    </Card>
  )
}

const languageNames = {
  en: 'English',
  es: 'Español',
  ca: 'Català',
  it: 'Italiano',
  de: 'Deutsch',
  fr: 'Français',
  pt: 'Português',
} as const

export function PageSettings() {
  const { words } = useLocale()
  const [theme, setTheme] = useState(chosenTheme)
  const [language, setLanguage] = useState(chosenLanguage)
  const themeNames = { system: words.likeSystem, light: words.light, dark: words.dark }
  return (
    <Card title={words.appearance}>
      <div class="form">
        <SelectField
          name="language"
          label={words.languageOfPages}
          value={language ?? ''}
          options={[
            { value: '', text: page === 'portal' ? words.likeClient : words.likeBrand },
            ...languages.map((known) => ({ value: known, text: languageNames[known] })),
          ]}
          onChange={(chosen) => {
            const known = languages.find((one) => one === chosen) ?? null
            setLanguage(known)
            chooseLanguage(known)
          }}
        />
        <SelectField
          name="theme"
          label={words.appearance}
          value={theme}
          options={themes.map((known) => ({ value: known, text: themeNames[known] }))}
          onChange={(chosen) => {
            const known = themes.find((one) => one === chosen) ?? 'system'
            setTheme(known)
            chooseTheme(known)
          }}
        />
      </div>
    </Card>
  )
}
