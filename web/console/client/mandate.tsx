/** The mandate by which a client's invoices are collected from its account. */
import { SelectField, TextField } from '../../shared/form.tsx'
import { Card, Facts } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import type { Shown } from './settings.tsx'

const schemes = ['core', 'b2b'] as const

export function DirectDebitMandate({ client, change }: Shown) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { directDebit: mandate = null } = client
  return (
    <Card
      title={texts.mandate}
      actions={
        may('clients', 'u') && (
          <span class="actions">
            <FormDialog
              label={mandate ? words.edit : texts.setMandate}
              title={texts.mandate}
              send={({ mandateId = '', signedDay = '', scheme, iban = '', bic, accountHolder }, ifMatch) =>
                change(
                  {
                    directDebit: {
                      ...{ mandateId, signedDay, iban },
                      scheme: scheme === 'b2b' ? 'b2b' : 'core',
                      ...(bic && { bic }),
                      ...(accountHolder && { accountHolder }),
                    },
                  },
                  ifMatch,
                )
              }
            >
              <TextField
                name="mandateId"
                label={texts.mandateId}
                value={mandate?.mandateId ?? ''}
                maxLength={35}
                required
              />
              <TextField
                name="signedDay"
                label={texts.signedDay}
                type="date"
                value={mandate?.signedDay ?? ''}
                required
              />
              <SelectField
                name="scheme"
                label={texts.scheme}
                value={mandate?.scheme ?? 'core'}
                options={schemes.map((scheme) => ({ value: scheme, text: texts.schemes[scheme] }))}
              />
              <TextField name="iban" label="IBAN" value={mandate?.iban ?? ''} required />
              <TextField name="bic" label="BIC" value={mandate?.bic ?? ''} />
              <TextField
                name="accountHolder"
                label={texts.accountHolder}
                hint={texts.accountHolderHint}
                value={mandate?.accountHolder ?? ''}
              />
            </FormDialog>
            {mandate && (
              <AskFirst
                label={texts.removeMandate}
                question={texts.removeThing(mandate.mandateId)}
                isDanger
                act={(_values, ifMatch) => change({ directDebit: null }, ifMatch)}
              />
            )}
          </span>
        )
      }
    >
      {mandate ? (
        <>
          <p class="muted">{texts.mandateText}</p>
          <Facts
            facts={[
              [texts.mandateId, mandate.mandateId],
              [texts.signedDay, format.day(mandate.signedDay)],
              [texts.scheme, texts.schemes[mandate.scheme ?? 'core']],
              ['IBAN', mandate.iban],
              mandate.bic ? ['BIC', mandate.bic] : null,
              mandate.accountHolder ? [texts.accountHolder, mandate.accountHolder] : null,
            ]}
          />
        </>
      ) : (
        <p class="muted">{texts.noMandate}</p>
      )}
    </Card>
  )
}
