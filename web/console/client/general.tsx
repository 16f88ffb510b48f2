/** Who a client is: names, zone, language, features. */
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { useLocale } from '../../shared/locale.tsx'
import type { Client } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'
import { methods } from '../pages/clients.tsx'
import { CheckField, orNull } from '../parts.tsx'
import { Settings, type Shown } from './settings.tsx'

type Features = NonNullable<Client['features']>

export function General({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const known = Object.keys(texts.featureNames) as Features[number][]
  return (
    <>
      <Settings
        title={texts.general}
        change={change}
        read={({
          name = '',
          sipDomain = '',
          language = '',
          timeZone = '',
          currency = '',
          countryCode,
          ...rest
        }) => ({
          name,
          sipDomain,
          language,
          timeZone,
          currency: currency.toUpperCase(),
          countryCode: orNull(countryCode?.toUpperCase()),
          features: known.filter((feature) => rest[`feature-${feature}`] === 'on'),
          billingMethod:
            rest['feature-billing'] === 'on'
              ? (methods.find((method) => method === rest.billingMethod) ?? 'postpaid')
              : 'none',
        })}
      >
        <TextField name="name" label={words.name} value={client.name} required />
        <TextField name="sipDomain" label={texts.sipDomain} value={client.sipDomain} required />
        <SelectField
          name="billingMethod"
          label={texts.billingMethod}
          hint={texts.billingMethodHint}
          value={client.billingMethod ?? 'postpaid'}
          options={methods.map((method) => ({ value: method, text: texts.billingMethods[method] }))}
        />
        <TextField
          name="currency"
          label={texts.currency}
          hint={texts.currencyHint}
          value={client.currency ?? ''}
          maxLength={3}
          required
        />
        <TextField
          name="timeZone"
          label={texts.timeZone}
          hint={texts.timeZoneHint}
          value={client.timeZone ?? ''}
          required
        />
        <TextField name="language" label={texts.languageTag} value={client.language ?? ''} required />
        <TextField
          name="countryCode"
          label={texts.country}
          hint={texts.countryHint}
          value={client.countryCode ?? ''}
          maxLength={2}
        />
        <fieldset class="wide">
          <legend>{texts.features}</legend>
          <div class="checks">
            {known.map((feature) => (
              <CheckField
                key={feature}
                name={`feature-${feature}`}
                label={texts.featureNames[feature]}
                isOn={client.features?.includes(feature) ?? false}
              />
            ))}
          </div>
        </fieldset>
      </Settings>
      {may('clients', 'd') && (
        <p>
          <AskFirst
            label={texts.removeClient}
            question={texts.removeText(client.name)}
            isDanger
            act={async () => {
              await api('DELETE /v1/clients/{id}', { params: { id: client.id } })
              route('/console/clients')
            }}
          />
        </p>
      )}
    </>
  )
}
