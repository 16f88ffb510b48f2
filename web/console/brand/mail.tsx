/** Who a brand's mails come from, and what they tell of invoices. */
import { TextField } from '../../shared/form.tsx'
import { useConsole } from '../console.tsx'
import { CheckField, orNull } from '../parts.tsx'
import { readList, Settings, type Shown } from './settings.tsx'

export function Mail({ brand, change }: Shown) {
  const { texts } = useConsole()
  const { mail } = brand
  return (
    <Settings
      title={texts.mails}
      change={change}
      read={({ fromName, fromAddress, replyTo, bcc, reminders, paymentReceipts }) => {
        const daysAfterDue = readList(reminders).map(Number)
        return {
          mail: {
            fromName: orNull(fromName),
            fromAddress: orNull(fromAddress),
            replyTo: orNull(replyTo),
            bcc: orNull(bcc),
          },
          invoiceReminders: daysAfterDue.length > 0 ? { daysAfterDue } : null,
          paymentReceipts: paymentReceipts === 'on',
        }
      }}
    >
      <TextField
        name="fromName"
        label={texts.brandSettings.fromName}
        hint={texts.brandSettings.fromNameHint}
        value={mail?.fromName ?? ''}
      />
      <TextField
        name="fromAddress"
        label={texts.brandSettings.fromAddress}
        hint={texts.brandSettings.fromAddressHint}
        type="email"
        value={mail?.fromAddress ?? ''}
      />
      <TextField
        name="replyTo"
        label={texts.brandSettings.replyTo}
        hint={texts.brandSettings.replyToHint}
        type="email"
        value={mail?.replyTo ?? ''}
      />
      <TextField
        name="bcc"
        label={texts.brandSettings.bcc}
        hint={texts.emptyNone}
        type="email"
        value={mail?.bcc ?? ''}
      />
      <TextField
        name="reminders"
        label={texts.brandSettings.reminders}
        hint={texts.brandSettings.remindersHint}
        value={brand.invoiceReminders?.daysAfterDue.join(', ') ?? ''}
        pattern="[0-9 ,;]*"
      />
      <CheckField
        name="paymentReceipts"
        label={texts.brandSettings.paymentReceipts}
        isOn={brand.paymentReceipts ?? true}
      />
    </Settings>
  )
}
