/** What a deck has been, and the way back to one of its versions. */
import { type Answer, api } from '../../shared/api.ts'
import { Badge, Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

type Version = Answer<'GET /v1/rate-decks/{id}/rates/versions'>['data'][number]

export function Versions({ deckId, onRestored }: { deckId: string; onRestored(): void }) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const versions = usePages<Version>(`versions ${deckId}`, (cursor, signal) =>
    api('GET /v1/rate-decks/{id}/rates/versions', {
      params: { id: deckId },
      query: { limit: 10, ...(cursor && { cursor }) },
      signal,
    }),
  )
  const newest = versions.rows[0]?.version
  return (
    <Card title={texts.versions}>
      <PagedTable
        caption={texts.versions}
        empty={texts.noRates}
        pages={versions}
        keyOf={({ version }) => String(version)}
        columns={[
          { name: texts.version, isTitle: true, cell: ({ version }) => format.whole(version) },
          { name: texts.activatesAt, isShort: true, cell: ({ effectiveAt }) => format.instant(effectiveAt) },
          { name: texts.rates, isFigure: true, cell: ({ rates }) => format.whole(rates) },
          {
            name: texts.rounding,
            cell: ({ rounding: { mode = 'up', decimals = 4 } }) =>
              words.roundedTo(words.roundings[mode], format.whole(decimals)),
          },
          {
            name: words.status,
            isCorner: true,
            isFigure: true,
            cell: ({ version }) =>
              version === newest ? (
                <Badge tone="good">{texts.newest}</Badge>
              ) : (
                may('rates', 'u') && (
                  <AskFirst
                    label={texts.goBack}
                    question={texts.goBackText(format.whole(version))}
                    act={async () => {
                      await api('POST /v1/rate-decks/{id}/rates/versions/{version}/restore', {
                        params: { id: deckId, version },
                      })
                      onRestored()
                    }}
                  />
                )
              ),
          },
        ]}
      />
    </Card>
  )
}
