/**
 * Mails that went out, wait or failed.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { StatusFilter, useStatus } from '../../shared/status-filter.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

type Mail = Answer<'GET /v1/mails'>['data'][number]
const statuses = ['pending', 'sent', 'failed', 'cancelled'] as const

export function MailsPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { url } = useLocation()
  const status = useStatus(statuses)
  const mails = usePages<Mail>(url, (cursor, signal) =>
    api('GET /v1/mails', { query: { ...(status && { status }), ...(cursor && { cursor }) }, signal }),
  )
  const tones = { sent: 'good', failed: 'bad', pending: undefined, cancelled: undefined } as const
  return (
    <>
      <Heading>{texts.mails}</Heading>
      <StatusFilter statuses={statuses} names={texts.mailStatuses} />
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
