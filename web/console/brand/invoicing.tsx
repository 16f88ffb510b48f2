/** Who issues a brand's invoices, how they are numbered, and where they are booked. */
import { SelectField, TextField } from '../../shared/form.tsx'
import { useConsole } from '../console.tsx'
import { CheckField, orNull } from '../parts.tsx'
import { NumberSeries, type Series, useSeries } from './number-series.tsx'
import { Settings, type Shown } from './settings.tsx'
import { Taxes } from './taxes.tsx'

const fields = ['legalName', 'taxId', 'postalAddress', 'postalCode', 'town', 'province'] as const
const more = ['contactName', 'phone', 'iban', 'bic', 'registration', 'creditorId'] as const
const eInvoiceProfiles = {
  en16931: 'EN 16931',
  'peppol-bis-3': 'Peppol BIS Billing 3',
  'xrechnung-3': 'XRechnung 3.0',
} as const
const accounts = ['receivables', 'bank', 'sales', 'tax'] as const

export function Invoicing({ brand, change }: Shown) {
  const { may } = useConsole()
  const loaded = useSeries(brand.id)
  return (
    <>
      <Issuer brand={brand} change={change} />
      <NumberSeries brandId={brand.id} loaded={loaded} />
      {may('taxes') && <Taxes brandId={brand.id} />}
      <Issuing brand={brand} change={change} series={loaded.series} />
      <Journal brand={brand} change={change} />
    </>
  )
}

function Issuer({ brand, change }: Shown) {
  const { texts } = useConsole()
  const { issuer } = brand
  return (
    <Settings
      title={texts.brandSettings.issuer}
      change={change}
      read={({ country, email = '', endpointScheme = '', endpointValue = '', ...values }) => ({
        issuer: {
          ...Object.fromEntries([...fields, ...more].map((field) => [field, values[field] ?? ''])),
          country: orNull(country?.toUpperCase()),
          email,
          endpointId: endpointValue === '' ? null : { scheme: endpointScheme, value: endpointValue },
        },
      })}
    >
      {fields.map((field) => (
        <TextField key={field} name={field} label={texts[field]} value={issuer?.[field] ?? ''} />
      ))}
      <TextField
        name="country"
        label={texts.country}
        hint={texts.countryHint}
        value={issuer?.country ?? ''}
        maxLength={2}
      />
      <TextField name="email" label={texts.brandSettings.email} value={issuer?.email ?? ''} />
      {more.map((field) => (
        <TextField
          key={field}
          name={field}
          label={texts.brandSettings[field]}
          value={issuer?.[field] ?? ''}
        />
      ))}
      <TextField
        name="endpointScheme"
        label={texts.brandSettings.endpointScheme}
        hint={texts.brandSettings.endpointSchemeHint}
        value={issuer?.endpointId?.scheme ?? ''}
        maxLength={4}
      />
      <TextField
        name="endpointValue"
        label={texts.brandSettings.endpointValue}
        value={issuer?.endpointId?.value ?? ''}
      />
    </Settings>
  )
}

function Issuing({ brand, change, series }: Shown & { series: readonly Series[] | undefined }) {
  const { texts } = useConsole()
  const kinds = ['invoice', 'credit-note'] as const
  return (
    <Settings
      // The series come after the form: it is made anew with them.
      key={series?.length ?? 'without'}
      title={texts.brandSettings.issuing}
      change={change}
      read={({ eInvoiceProfile, issueOnlyWhenReady, creditNoteSequenceId, corrections }) => ({
        eInvoiceProfile:
          (Object.keys(eInvoiceProfiles) as (keyof typeof eInvoiceProfiles)[]).find(
            (known) => known === eInvoiceProfile,
          ) ?? null,
        issueOnlyWhenReady: issueOnlyWhenReady === 'on',
        ...(series && { creditNoteSequenceId: orNull(creditNoteSequenceId) }),
        corrections: kinds.find((known) => known === corrections) ?? 'invoice',
      })}
    >
      <SelectField
        name="eInvoiceProfile"
        label={texts.brandSettings.eInvoiceProfile}
        hint={texts.brandSettings.eInvoiceProfileHint}
        value={brand.eInvoiceProfile ?? 'en16931'}
        options={Object.entries(eInvoiceProfiles).map(([value, text]) => ({ value, text }))}
      />
      <SelectField
        name="creditNoteSequenceId"
        label={texts.brandSettings.creditNoteSeries}
        value={brand.creditNoteSequenceId ?? ''}
        options={[
          { value: '', text: texts.brandSettings.sameSeries },
          ...(series ?? []).map(({ id, name }) => ({ value: id, text: name })),
        ]}
      />
      <SelectField
        name="corrections"
        label={texts.brandSettings.corrections}
        hint={texts.brandSettings.correctionsHint}
        value={brand.corrections ?? 'invoice'}
        options={kinds.map((value) => ({ value, text: texts.brandSettings.correctionKinds[value] }))}
      />
      <CheckField
        name="issueOnlyWhenReady"
        label={texts.brandSettings.issueOnlyWhenReady}
        isOn={brand.issueOnlyWhenReady ?? false}
      />
    </Settings>
  )
}

function Journal({ brand, change }: Shown) {
  const { texts } = useConsole()
  const { journalAccounts } = brand
  return (
    <Settings
      title={texts.brandSettings.journal}
      change={change}
      read={(values) => ({
        journalAccounts: Object.fromEntries(accounts.map((account) => [account, orNull(values[account])])),
      })}
    >
      {accounts.map((account) => (
        <TextField
          key={account}
          name={account}
          label={texts.brandSettings.accounts[account]}
          hint={texts.brandSettings.accountHint}
          value={journalAccounts?.[account] ?? ''}
          pattern="[0-9A-Za-z.\-]{1,32}"
        />
      ))}
    </Settings>
  )
}
