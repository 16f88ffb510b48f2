/** To whom a client's invoices go, and what they say. */
import { TextField } from '../../shared/form.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { useTaxes } from '../brand/taxes.tsx'
import { useConsole } from '../console.tsx'
import { CheckField, orNull } from '../parts.tsx'
import { Settings, type Shown } from './settings.tsx'

export function Invoicing({ client, change }: Shown) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { taxes = [] } = useTaxes(may('taxes') ? client.brandId : undefined)
  const { invoiceData, portalVisibility = {} } = client
  const fields = ['legalName', 'taxId', 'postalAddress', 'postalCode', 'town', 'province'] as const
  const visible = ['invoices', 'ratingProfiles', 'callPrices'] as const
  return (
    <Settings
      title={texts.invoicing}
      change={change}
      read={({ country, email, autoAllocate, ...values }) => ({
        invoiceData: {
          ...Object.fromEntries(fields.map((field) => [field, values[field] ?? ''])),
          country: orNull(country?.toUpperCase()),
          email: orNull(email),
        },
        autoAllocate: autoAllocate === 'on',
        ...(taxes.length > 0 && {
          taxIds: taxes.filter(({ id }) => values[`tax-${id}`] === 'on').map(({ id }) => id),
        }),
        portalVisibility: Object.fromEntries(
          visible.map((name) => [name, values[`visible-${name}`] === 'on']),
        ),
      })}
    >
      {fields.map((field) => (
        <TextField key={field} name={field} label={texts[field]} value={invoiceData?.[field] ?? ''} />
      ))}
      <TextField
        name="country"
        label={texts.country}
        hint={texts.countryHint}
        value={invoiceData?.country ?? ''}
        maxLength={2}
      />
      <TextField name="email" label={texts.invoiceEmail} type="email" value={invoiceData?.email ?? ''} />
      <CheckField name="autoAllocate" label={texts.autoAllocate} isOn={client.autoAllocate ?? true} />
      {taxes.length > 0 && (
        <fieldset class="wide">
          <legend>{texts.brandSettings.taxes}</legend>
          <div class="checks">
            {taxes.map(({ id, name, rate }) => (
              <CheckField
                key={id}
                name={`tax-${id}`}
                label={`${name} (${format.decimal(rate)} %)`}
                isOn={client.taxIds?.includes(id) ?? false}
              />
            ))}
          </div>
        </fieldset>
      )}
      <fieldset class="wide">
        <legend>{texts.visibility}</legend>
        <div class="checks">
          {visible.map((name) => (
            <CheckField
              key={name}
              name={`visible-${name}`}
              label={name === 'invoices' ? words.invoices : texts.visibilityNames[name]}
              isOn={portalVisibility[name] ?? false}
            />
          ))}
        </div>
      </fieldset>
    </Settings>
  )
}
