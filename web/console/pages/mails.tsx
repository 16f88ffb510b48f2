/**
 * Mails that went out, wait or failed.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { SelectField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

type Mail = Answer<'GET /v1/mails'>['data'][number]
const statuses = ['pending', 'sent', 'failed', 'cancelled'] as const

export function MailsPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { query, url, route } = useLocation()
  const status = statuses.find((known) => known === query.status)
  const mails = usePages<Mail>(url, (cursor, signal) =>
    api('GET /v1/mails', { query: { ...(status && { status }), ...(cursor && { cursor }) }, signal }),
  )
  const tones = { sent: 'good', failed: 'bad', pending: undefined, cancelled: undefined } as const
  return (
    <>
      <Heading>{texts.mails}</Heading>
      <div class="filters">
        <SelectField
          name="status"
          label={words.status}
          value={status ?? ''}
          options={[
            { value: '', text: words.all },
            ...statuses.map((known) => ({ value: known, text: texts.mailStatuses[known] })),
          ]}
          onChange={(chosen) => route(`/console/mails${chosen && `?status=${chosen}`}`)}
        />
      </div>
      <PagedTable
        caption={texts.mails}
        empty={texts.noMails}
        pages={mails}
        keyOf={({ id }) => id}
        columns={[
          { name: texts.recipient, isTitle: true, cell: ({ recipient }) => recipient },
          { name: texts.kind, cell: ({ kind }) => texts.mailKinds[kind] },
          { name: texts.at, isShort: true, cell: ({ createdAt }) => format.instant(createdAt) },
          { name: texts.attempts, isFigure: true, cell: ({ attempts }) => format.whole(attempts) },
          { name: texts.lastError, cell: ({ lastError }) => lastError },
          {
            name: words.status,
            isCorner: true,
            cell: ({ id, status: is }) => (
              <>
                <Badge tone={tones[is]}>{texts.mailStatuses[is]}</Badge>{' '}
                {is === 'failed' && may('mails', 'u') && (
                  <AskFirst
                    label={texts.redrive}
                    question={texts.failedMails}
                    act={async () => {
                      await api('POST /v1/mails/{id}/retry', { params: { id } })
                      mails.reload()
                    }}
                  />
                )}
              </>
            ),
          },
        ]}
      />
    </>
  )
}
