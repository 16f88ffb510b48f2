/** How a client's calls are routed and its numbers are read. */
import { SelectField, TextField } from '../../shared/form.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { useConsole } from '../console.tsx'
import { orNull } from '../parts.tsx'
import { Settings, type Shown } from './settings.tsx'

export function Calling({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const hasRecordings = client.features?.includes('recordings') ?? false
  const modes = ['off', 'sipInfo', 'serviceCode'] as const
  return (
    <Settings
      title={texts.calling}
      change={change}
      read={({ outgoingDdi, onDemand, serviceCode }) => ({
        outgoingDdi: orNull(outgoingDdi),
        ...(hasRecordings && {
          recording: {
            onDemand: modes.find((mode) => mode === onDemand) ?? 'off',
            serviceCode: onDemand === 'serviceCode' ? orNull(serviceCode) : null,
          },
        }),
      })}
    >
      <TextField
        name="outgoingDdi"
        label={texts.outgoingDdi}
        hint={words.priceNumberHint}
        value={client.outgoingDdi ?? ''}
        inputMode="tel"
      />
      {hasRecordings && (
        <>
          <SelectField
            name="onDemand"
            label={texts.recording}
            value={client.recording?.onDemand ?? 'off'}
            options={modes.map((mode) => ({ value: mode, text: texts.recordings[mode] }))}
          />
          <TextField
            name="serviceCode"
            label={texts.serviceCode}
            value={client.recording?.serviceCode ?? ''}
            pattern="[0-9]{1,3}"
          />
        </>
      )}
    </Settings>
  )
}
