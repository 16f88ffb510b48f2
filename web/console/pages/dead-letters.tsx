/**
 * Events of calls that could not be applied, with a way to send them again once their cause is put right.
 */
import { type Answer, api } from '../../shared/api.ts'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

type Letter = Answer<'GET /v1/dead-letters'>['data'][number]

export function DeadLettersPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const letters = usePages<Letter>('letters', (cursor, signal) =>
    api('GET /v1/dead-letters', { query: cursor ? { cursor } : {}, signal }),
  )
  return (
    <>
      <Heading>{texts.deadLetters}</Heading>
      <PagedTable
        caption={texts.deadLetters}
        empty={texts.noLetters}
        pages={letters}
        keyOf={({ id }) => id}
        columns={[
          {
            name: texts.received,
            isTitle: true,
            isShort: true,
            cell: ({ receivedAt }) => format.instant(receivedAt),
          },
          { name: words.reason, cell: ({ reason }) => texts.letterReasons[reason] },
          { name: words.description, cell: ({ detail }) => detail },
          {
            name: texts.body,
            cell: ({ body, subject }) => (
              <details>
                <summary>{subject}</summary>
                <pre>{body}</pre>
              </details>
            ),
          },
          {
            name: texts.redrive,
            isCorner: true,
            cell: ({ id, redrivenAt }) =>
              redrivenAt !== null ? (
                <Badge tone="good">{texts.redriven}</Badge>
              ) : (
                may('dead-letters', 'u') && (
                  <AskFirst
                    label={texts.redrive}
                    question={texts.waitingLetters}
                    act={async () => {
                      await api('POST /v1/dead-letters/{id}/redrive', { params: { id } })
                      letters.reload()
                    }}
                  />
                )
              ),
          },
        ]}
      />
    </>
  )
}
