/** The way by which a sheet becomes a deck's next version: look at its columns, see what would change, put it live. */
import { useState } from 'preact/hooks'
import { type Answer, api } from '../../shared/api.ts'
import { isPositive } from '../../shared/decimal.ts'
import { Form, SelectField, SubmitButton } from '../../shared/form.tsx'
import { Badge, Card, Facts } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useConsole } from '../console.tsx'

type Import = Answer<'GET /v1/imports/{id}'>
type Inspected = Answer<'POST /v1/rate-decks/{id}/imports/inspect'>
type Mode = 'replace' | 'merge'

const pollMs = 700

/** What has been reached with a sheet. */
type Stage =
  | { at: 'none' }
  | { at: 'inspecting' | 'inspected'; file: File; inspected?: Inspected }
  | {
      at: 'trying' | 'tried' | 'applying' | 'applied'
      file: File
      inspected: Inspected
      mode: Mode
      result?: Import
    }

export function ImportSheet({
  deckId,
  currency,
  onApplied,
}: {
  deckId: string
  currency: string
  onApplied(): void
}) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const [stage, setStage] = useState<Stage>({ at: 'none' })
  const [error, setError] = useState<Error>()
  const [isOver, setOver] = useState(false)
  const params = { id: deckId }

  async function inspect(file: File): Promise<void> {
    setError(undefined)
    setStage({ at: 'inspecting', file })
    try {
      const inspected = await api('POST /v1/rate-decks/{id}/imports/inspect', {
        params,
        body: file,
        headers: { 'content-type': chooseContentType(file) },
      })
      setStage({ at: 'inspected', file, inspected })
    } catch (failure) {
      setError(failure as Error)
      setStage({ at: 'none' })
    }
  }

  async function run(file: File, inspected: Inspected, mode: Mode, kind: 'try' | 'apply'): Promise<void> {
    setError(undefined)
    setStage({ at: kind === 'try' ? 'trying' : 'applying', file, inspected, mode })
    try {
      const form = new FormData()
      form.append('mapping', JSON.stringify(inspected.mapping))
      form.append('file', file)
      let result = await api('POST /v1/rate-decks/{id}/imports', {
        params,
        query: { mode, dryRun: kind === 'try' },
        body: form,
      })
      while (result.status === 'queued' || result.status === 'running') {
        setStage({ at: kind === 'try' ? 'trying' : 'applying', file, inspected, mode, result })
        await new Promise((resolve) => setTimeout(resolve, pollMs))
        result = await api('GET /v1/imports/{id}', { params: { id: result.id } })
      }
      setStage({ at: kind === 'try' ? 'tried' : 'applied', file, inspected, mode, result })
      if (result.status === 'applied') onApplied()
    } catch (failure) {
      setError(failure as Error)
      setStage({ at: 'inspected', file, inspected })
    }
  }

  return (
    <Card
      title={texts.importSheet}
      actions={
        stage.at !== 'none' && (
          <button type="button" onClick={() => setStage({ at: 'none' })}>
            {texts.anotherSheet}
          </button>
        )
      }
    >
      {error && <Failure error={error} />}
      {stage.at === 'none' && (
        <label
          class={isOver ? 'drop over' : 'drop'}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(false)
            const file = event.dataTransfer?.files[0]
            if (file) void inspect(file)
          }}
        >
          <strong>{texts.dropSheet}</strong>
          <span class="muted">{texts.sheetKinds}</span>
          <span class="button">{texts.chooseFile}</span>
          <input
            class="unseen"
            type="file"
            aria-label={texts.chooseFile}
            accept=".csv,.txt,.xlsx,text/csv"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0]
              if (file) void inspect(file)
            }}
          />
        </label>
      )}
      {stage.at === 'inspecting' && <Loading />}
      {stage.at !== 'none' && stage.inspected && (
        <InspectedSheet sheet={stage.inspected} name={stage.file.name} />
      )}
      {stage.at === 'inspected' && stage.inspected && (
        <Form
          send={async ({ mode }) =>
            stage.inspected && run(stage.file, stage.inspected, mode === 'merge' ? 'merge' : 'replace', 'try')
          }
        >
          <SelectField
            name="mode"
            label={texts.importMode}
            options={(['replace', 'merge'] as const).map((mode) => ({
              value: mode,
              text: texts.importModes[mode],
            }))}
          />
          <SubmitButton>{texts.tryImport}</SubmitButton>
        </Form>
      )}
      {(stage.at === 'trying' || stage.at === 'applying') && <Progress result={stage.result} />}
      {(stage.at === 'tried' || stage.at === 'applied') && stage.result && (
        <>
          <Result result={stage.result} currency={currency} />
          {stage.at === 'tried' && stage.result.status === 'dry-run' && (
            <div class="buttons">
              <button
                type="button"
                class="primary"
                onClick={() => void run(stage.file, stage.inspected, stage.mode, 'apply')}
              >
                {texts.applyImport}
              </button>
            </div>
          )}
          {stage.at === 'applied' && stage.result.status === 'applied' && (
            <p class="notice good">{texts.effectiveSoon}</p>
          )}
        </>
      )}
      <p class="unseen" role="status">
        {stage.at === 'applied' ? words.saved : ''}
      </p>
    </Card>
  )
}

/** Browsers know CSV and XLSX by other names, or by none. */
function chooseContentType(file: File): string {
  return file.name.toLowerCase().endsWith('.xlsx')
    ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    : 'text/csv'
}

function InspectedSheet({ sheet, name }: { sheet: Inspected; name: string }) {
  const { words } = useLocale()
  const { texts } = useConsole()
  return (
    <>
      <h3>{`${texts.stepInspect} · ${name}`}</h3>
      <Table
        caption={texts.stepInspect}
        empty={words.nothingHere}
        rows={sheet.columns}
        keyOf={({ position }) => String(position)}
        columns={[
          { name: texts.column, isTitle: true, cell: ({ heading, position }) => heading || String(position) },
          { name: texts.sample, cell: ({ sample }) => sample },
          {
            name: texts.meaning,
            isCorner: true,
            cell: ({ column }) =>
              column === null ? (
                <span class="muted">{texts.ignored}</span>
              ) : (
                <Badge tone="good">{column}</Badge>
              ),
          },
        ]}
      />
      {sheet.doubts.length === 0 ? (
        <p class="notice good">{texts.noDoubts}</p>
      ) : (
        <div class="notice warn">
          <strong>{texts.doubts}</strong>
          <ul>
            {sheet.doubts.map(({ line, column, code, detail }) => (
              <li key={`${line} ${column} ${code}`}>{detail}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

function Progress({ result }: { result: Import | undefined }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  const total = result?.rowsTotal ?? null
  return (
    <div role="status">
      <progress
        aria-label={texts.importSheet}
        {...(total !== null && { max: total, value: result?.rowsRead ?? 0 })}
      />
      <p class="muted">{texts.rowsRead(format.whole(result?.rowsRead ?? 0))}</p>
    </div>
  )
}

function Result({ result, currency }: { result: Import; currency: string }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { status, summary, errors, warnings, errorsTotal } = result
  const tones = {
    applied: 'good',
    'dry-run': undefined,
    rejected: 'bad',
    queued: undefined,
    running: undefined,
  } as const
  const moved = summary as { largestRises?: Change[]; largestFalls?: Change[] } | null
  const counts = Object.entries(texts.summary).flatMap(([name, label]) => {
    const count = summary?.[name]
    return typeof count === 'number' ? [[label, format.whole(count)] as const] : []
  })
  return (
    <>
      <h3>{result.dryRun ? texts.stepDryRun : texts.stepLive}</h3>
      <p>
        <Badge tone={tones[status]}>{texts.importStatuses[status]}</Badge>{' '}
        <span class="muted">{texts.rowsRead(format.whole(result.rowsRead))}</span>
      </p>
      <Facts facts={counts} />
      <Changes title={texts.largestRises} changes={moved?.largestRises ?? []} currency={currency} />
      <Changes title={texts.largestFalls} changes={moved?.largestFalls ?? []} currency={currency} />
      {errors.length > 0 && (
        <>
          <h3>{`${texts.rowErrors} (${format.whole(errorsTotal)})`}</h3>
          <Faults faults={errors} />
          <p>
            <a href={`/v1/imports/${result.id}/errors.csv`} download>
              {texts.allErrors}
            </a>
          </p>
        </>
      )}
      {warnings.length > 0 && (
        <>
          <h3>{texts.rowWarnings}</h3>
          <Faults faults={warnings} />
        </>
      )}
      {errors.length + warnings.length === 0 && counts.length === 0 && (
        <p class="muted">{words.nothingHere}</p>
      )}
    </>
  )
}

/** Of `summary`; `from` and `to` a minute. */
interface Change {
  prefix: string
  destination: string
  from: string
  to: string
  percent: string | null
}

function Changes({
  title,
  changes,
  currency,
}: {
  title: string
  changes: readonly Change[]
  currency: string
}) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  if (changes.length === 0) return null
  const decimals = maxDecimals(changes.flatMap(({ from, to }) => [from, to]))
  return (
    <>
      <h3>{title}</h3>
      <Table
        caption={title}
        empty={words.nothingHere}
        rows={changes}
        keyOf={({ prefix }) => prefix}
        columns={[
          { name: words.destination, isTitle: true, cell: ({ destination }) => destination },
          { name: texts.prefix, isShort: true, cell: ({ prefix }) => prefix },
          {
            name: texts.before,
            isFigure: true,
            cell: ({ from }) => format.money(from, currency, decimals),
          },
          { name: texts.after, isFigure: true, cell: ({ to }) => format.money(to, currency, decimals) },
          {
            name: '%',
            isFigure: true,
            isCorner: true,
            cell: ({ percent }) =>
              percent === null ? '–' : `${isPositive(percent) ? '+' : ''}${format.decimal(percent)} %`,
          },
        ]}
      />
    </>
  )
}

function Faults({ faults }: { faults: readonly { line: number | null; code: string; detail: string }[] }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  return (
    <Table
      caption={texts.fault}
      empty={words.nothingHere}
      rows={faults.slice(0, 50)}
      keyOf={({ line, code, detail }) => `${line} ${code} ${detail}`}
      columns={[
        { name: texts.line, isFigure: true, cell: ({ line }) => line !== null && format.whole(line) },
        { name: texts.fault, isTitle: true, cell: ({ detail }) => detail },
      ]}
    />
  )
}
