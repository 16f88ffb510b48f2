/** What a brand's switches are told instead of the usual codes, by the reason of a refusal or a hang-up. */
import { SelectField, TextField } from '../../shared/form.tsx'
import { Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Table } from '../../shared/table.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import { orNull } from '../parts.tsx'
import type { Shown } from './settings.tsx'

type Codes = { sip?: number; phrase?: string; q850?: number; announcement?: string | null }

export function ReasonCodes({ brand, change }: Shown) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const names: Record<string, string> = texts.reasons
  const own = Object.entries((brand.reasonOverrides ?? {}) as Record<string, Codes>)
  const mayChange = may('brands', 'u')
  return (
    <Card
      title={texts.brandSettings.reasonCodes}
      actions={
        mayChange && (
          <FormDialog
            label={words.add}
            title={texts.brandSettings.reasonCodes}
            send={({ reason = '', sip, phrase, q850, announcement }, ifMatch) => {
              const codes = {
                ...(sip && { sip: Number(sip) }),
                ...(phrase && { phrase }),
                ...(q850 && { q850: Number(q850) }),
                ...(orNull(announcement) && { announcement }),
              }
              return change({ reasonOverrides: { [reason]: codes } }, ifMatch)
            }}
          >
            <SelectField
              name="reason"
              label={texts.brandSettings.reason}
              options={Object.entries(names).map(([value, text]) => ({ value, text }))}
            />
            <TextField name="sip" label="SIP" hint="400–699" pattern="[4-6][0-9]{2}" />
            <TextField name="phrase" label={texts.brandSettings.phrase} maxLength={255} />
            <TextField name="q850" label="Q.850" hint="1–127" pattern="[0-9]{1,3}" />
            <TextField
              name="announcement"
              label={texts.brandSettings.announcement}
              hint={texts.brandSettings.announcementHint}
              pattern="[a-z0-9\-]{1,64}"
            />
          </FormDialog>
        )
      }
    >
      <Table
        caption={texts.brandSettings.reasonCodes}
        empty={texts.brandSettings.noReasonCodes}
        rows={own}
        keyOf={([reason]) => reason}
        columns={[
          { name: texts.brandSettings.reason, isTitle: true, cell: ([reason]) => names[reason] ?? reason },
          { name: 'SIP', cell: ([, { sip, phrase }]) => [sip, phrase].filter(Boolean).join(' ') },
          { name: 'Q.850', isFigure: true, cell: ([, { q850 }]) => q850 },
          { name: texts.brandSettings.announcement, cell: ([, { announcement }]) => announcement },
          {
            name: words.remove,
            isActions: true,
            cell: ([reason]) =>
              mayChange && (
                <AskFirst
                  label={words.remove}
                  question={names[reason] ?? reason}
                  isDanger
                  act={(_values, ifMatch) => change({ reasonOverrides: { [reason]: null } }, ifMatch)}
                />
              ),
          },
        ]}
      />
    </Card>
  )
}
