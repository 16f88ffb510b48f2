/** Who a brand is: its name, currency, zone, language and logo, and for how long it keeps details of calls. */
import { useState } from 'preact/hooks'
import { TextField } from '../../shared/form.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { useConsole } from '../console.tsx'
import { FileButton, orNull } from '../parts.tsx'
import { Settings, type Shown } from './settings.tsx'

export function General({ brand, change }: Shown) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const [logo, setLogo] = useState(brand.logo ?? null)
  return (
    <Settings
      title={texts.general}
      change={change}
      read={({ name = '', currency = '', timeZone = '', language = '', retentionDays }) => ({
        name,
        currency: currency.toUpperCase(),
        timeZone,
        language,
        retentionDays: orNull(retentionDays) === null ? null : Number(retentionDays),
        ...(logo !== (brand.logo ?? null) && { logo }),
      })}
    >
      <TextField name="name" label={words.name} value={brand.name} required />
      <TextField
        name="currency"
        label={texts.currency}
        hint={texts.brandSettings.currencyHint}
        value={brand.currency}
        maxLength={3}
        required
      />
      <TextField
        name="timeZone"
        label={texts.timeZone}
        hint={texts.brandSettings.timeZoneHint}
        value={brand.timeZone ?? ''}
        required
      />
      <TextField
        name="language"
        label={texts.languageTag}
        hint={texts.brandSettings.languageHint}
        value={brand.language ?? ''}
        required
      />
      <TextField
        name="retentionDays"
        label={texts.brandSettings.retentionDays}
        hint={texts.brandSettings.retentionHint}
        value={String(brand.retentionDays ?? '')}
        pattern="[0-9]{0,5}"
      />
      <div class="field">
        <span class="label">{texts.brandSettings.logo}</span>
        {logo && <img class="logo" src={logo} alt={texts.brandSettings.logo} />}
        <div class="buttons">
          <FileButton
            label={texts.chooseFile}
            accept="image/png,image/jpeg"
            take={(file) => void readAsUrl(file).then(setLogo)}
          />
          {logo && (
            <button type="button" onClick={() => setLogo(null)}>
              {words.remove}
            </button>
          )}
        </div>
        <small class="hint">{texts.brandSettings.logoHint}</small>
      </div>
    </Settings>
  )
}

function readAsUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
