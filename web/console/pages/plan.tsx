/**
 * One plan as an editor: its windows, and the week that they make, with gaps and overlaps in sight before anything is
 * published.
 */
import { useState } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton } from '../../shared/form.tsx'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { dayMinutes, describeDay, formatMinutes, type PlanWindow } from '../week.ts'

type Plan = Answer<'GET /v1/rating-plans/{id}'>
type Entry = NonNullable<Plan['entries']>[number]
type Deck = Answer<'GET /v1/rate-decks'>['data'][number]

const week = [1, 2, 3, 4, 5, 6, 7]
const kinds = 5

export function PlanPage() {
  const id = useRoute().params.id ?? ''
  const plan = useData(`plan ${id}`, (signal) =>
    api.tagged('GET /v1/rating-plans/{id}', { params: { id }, signal }),
  )
  const decks = useData('decks', (signal) =>
    api('GET /v1/rate-decks', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (plan.error) return <Failure error={plan.error} retry={plan.reload} />
  if (!plan.data || !decks.data) return <Loading />
  const { answer, etag } = plan.data
  return (
    <Editor
      key={answer.version}
      plan={answer}
      etag={etag}
      decks={decks.data.data}
      onPublished={plan.reload}
    />
  )
}

const toWindow = ({ days = null, from = '00:00', to = '24:00' }: Entry): PlanWindow => ({ days, from, to })

function Editor({
  plan,
  etag,
  decks,
  onPublished,
}: {
  plan: Plan
  etag: string
  decks: readonly Deck[]
  onPublished(): void
}) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const [entries, setEntries] = useState<readonly Entry[]>(plan.entries ?? [])
  const calendars =
    useData(may('calendars') ? 'calendars' : null, async (signal) => {
      const { data } = await api('GET /v1/calendars', { query: { limit: 500, sort: 'name' }, signal })
      return data
    }).data ?? []
  const ofCurrency = decks.filter(({ currency }) => currency === plan.currency)
  const nameDeck = ({ rateDeckId }: Entry) => decks.find(({ id }) => id === rateDeckId)?.name ?? '…'
  const set = (place: number, change: (entry: Entry) => Entry) =>
    setEntries(entries.map((entry, index) => (index === place ? change(entry) : entry)))
  const isEditable = may('rating-plans', 'u')
  return (
    <>
      <Heading
        actions={
          may('rating-plans') && (
            <>
              {may('what-if') && (
                <a class="button" href={`/console/what-if?ratingPlanId=${plan.id}`}>
                  {texts.whatIf}
                </a>
              )}
              <a class="button" href={`/v1/rating-plans/${plan.id}/prices.csv?flavour=spreadsheet`} download>
                {words.priceList}
              </a>
            </>
          )
        }
      >
        {plan.name}
      </Heading>
      <p>
        <a href="/console/plans">{words.back}</a> ·{' '}
        <span class="muted">
          {plan.currency} · {texts.version} {format.whole(plan.version)} · {texts.inForceSince}{' '}
          {format.instant(plan.effectiveAt)} · {texts.timeZone}: {plan.timeZone ?? texts.ofClient}
        </span>
      </p>
      {plan.warnings?.map(({ pointer, code, detail }) => (
        <p key={`${pointer} ${code}`} class="notice warn">
          {detail}
        </p>
      ))}
      <Week entries={entries} nameDeck={nameDeck} />
      <Form
        class="rights"
        done={words.saved}
        send={async (_values, ifMatch) => {
          await api('PATCH /v1/rating-plans/{id}', {
            params: { id: plan.id },
            body: { entries: [...entries] },
            headers: ifMatch(etag),
          })
          onPublished()
        }}
      >
        {entries.map((entry, place) => (
          <EntryCard
            key={place}
            entry={entry}
            title={`${format.whole(place + 1)} · ${nameDeck(entry)}`}
            decks={ofCurrency}
            calendars={calendars}
            onChange={(change) => set(place, (before) => ({ ...before, ...change }))}
            onCalendar={(calendar) =>
              set(place, ({ calendarId: _id, calendar: _mode, ...rest }) => ({ ...rest, ...calendar }))
            }
            onRemove={
              entries.length > 1
                ? () => setEntries(entries.filter((_one, index) => index !== place))
                : undefined
            }
          />
        ))}
        {isEditable && (
          <div class="buttons">
            <button
              type="button"
              onClick={() => setEntries([...entries, { rateDeckId: ofCurrency[0]?.id ?? '', weight: 0 }])}
            >
              {texts.addWindow}
            </button>
            <SubmitButton>{texts.publishPlan}</SubmitButton>
          </div>
        )}
      </Form>
    </>
  )
}

function EntryCard({
  entry,
  title,
  decks,
  calendars,
  onChange,
  onCalendar,
  onRemove,
}: {
  entry: Entry
  title: string
  decks: readonly Deck[]
  calendars: readonly { id: string; name: string }[]
  onChange(change: Partial<Entry>): void
  /** Of an empty one the entry asks none. */
  onCalendar(calendar: Pick<Entry, 'calendarId' | 'calendar'>): void
  onRemove: (() => void) | undefined
}) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { days = null, from = '00:00', to = '24:00' } = entry
  const toggle = (day: number, isOn: boolean) => {
    const chosen = week.filter((one) => (one === day ? isOn : (days ?? week).includes(one)))
    onChange({ days: chosen.length === 7 ? null : chosen })
  }
  return (
    <Card
      title={title}
      actions={
        onRemove && (
          <button type="button" class="plain danger" onClick={onRemove}>
            {words.remove}
          </button>
        )
      }
    >
      <div class="filters">
        <SelectField
          name="rateDeckId"
          label={texts.deck}
          value={entry.rateDeckId}
          options={decks.map(({ id, name }) => ({ value: id, text: name }))}
          onChange={(rateDeckId) => onChange({ rateDeckId })}
        />
        <Time label={texts.windowFrom} value={from} onChange={(time) => onChange({ from: time })} />
        <Time label={texts.windowTo} value={to} onChange={(time) => onChange({ to: time })} />
        <Weight value={entry.weight ?? 0} onChange={(weight) => onChange({ weight })} />
        {calendars.length > 0 && (
          <SelectField
            name="calendar"
            label={texts.calendar}
            value={entry.calendarId ? `${entry.calendar ?? 'on'} ${entry.calendarId}` : ''}
            options={[
              { value: '', text: texts.noCalendar },
              ...calendars.flatMap(({ id, name }) => [
                { value: `on ${id}`, text: texts.onDaysOf(name) },
                { value: `not-on ${id}`, text: texts.notOnDaysOf(name) },
              ]),
            ]}
            onChange={(chosen) => {
              const [calendar, calendarId] = chosen.split(' ')
              onCalendar(calendarId ? { calendarId, calendar: calendar === 'not-on' ? 'not-on' : 'on' } : {})
            }}
          />
        )}
      </div>
      <fieldset>
        <legend>{texts.days}</legend>
        <div class="checks">
          {week.map((day) => (
            <label key={day} class="check">
              <input
                type="checkbox"
                checked={(days ?? week).includes(day)}
                onChange={({ currentTarget }) => toggle(day, currentTarget.checked)}
              />
              {format.weekday(day)}
            </label>
          ))}
        </div>
      </fieldset>
    </Card>
  )
}

function Time({ label, value, onChange }: { label: string; value: string; onChange(time: string): void }) {
  return (
    <div class="field">
      <label>
        {label}
        <input
          value={value}
          pattern="([01][0-9]|2[0-4]):[0-5][0-9]"
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
    </div>
  )
}

function Weight({ value, onChange }: { value: number; onChange(weight: number): void }) {
  const { texts } = useConsole()
  return (
    <div class="field">
      <label title={texts.weightHint}>
        {texts.weight}
        <input
          inputMode="numeric"
          pattern="[0-9]{1,4}"
          value={String(value)}
          onChange={({ currentTarget }) => onChange(Number(currentTarget.value) || 0)}
        />
      </label>
    </div>
  )
}

/** Each day as a bar of its hours; what no deck prices is hatched. */
function Week({ entries, nameDeck }: { entries: readonly Entry[]; nameDeck(entry: Entry): string }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  // A calendar's days are others each week.
  const places = entries.map((_entry, place) => place).filter((place) => !entries[place]?.calendarId)
  const windows = places.map((place) => toWindow(entries[place] ?? { rateDeckId: '' }))
  const days = week.map((day) => ({ day, stretches: describeDay(windows, day) }))
  const gaps = days.flatMap(({ day, stretches }) =>
    stretches
      .filter(({ open }) => open.length === 0)
      .map(({ from, to }) => `${format.weekday(day)} ${formatMinutes(from)}–${formatMinutes(to)}`),
  )
  const overlaps = new Set(
    days.flatMap(({ stretches }) =>
      stretches
        .filter(({ open }) => open.length > 1)
        .map(({ open }) =>
          texts.overlaps(
            format.list(open.map((place) => nameDeck(entries[places[place] ?? 0] ?? { rateDeckId: '' }))),
          ),
        ),
    ),
  )
  return (
    <Card title={texts.weekPicture}>
      <div class="week">
        {days.map(({ day, stretches }) => (
          <div key={day} class="lane">
            <span>{format.weekday(day)}</span>
            <span class="hours">
              <svg viewBox={`0 0 ${dayMinutes} 10`} preserveAspectRatio="none" aria-hidden="true">
                {stretches.flatMap(({ from, to, open }) =>
                  open.map((place, row) => (
                    <rect
                      key={`${from} ${place}`}
                      class={`kind-${(places[place] ?? 0) % kinds}`}
                      x={from}
                      width={to - from}
                      y={(row * 10) / open.length}
                      height={10 / open.length}
                    />
                  )),
                )}
              </svg>
            </span>
          </div>
        ))}
        <div class="lane">
          <span />
          <span class="scale" aria-hidden="true">
            {['00:00', '06:00', '12:00', '18:00', '24:00'].map((hour) => (
              <span key={hour}>{hour}</span>
            ))}
          </span>
        </div>
      </div>
      <ul class="legend">
        {entries.map((entry, place) => (
          <li key={place}>
            <svg width="12" height="12" aria-hidden="true">
              <rect class={`kind-${place % kinds}`} width="12" height="12" rx="3" />
            </svg>
            {nameDeck(entry)}
            {entry.calendarId && <Badge>*</Badge>}
          </li>
        ))}
      </ul>
      {gaps.length === 0 ? (
        <p class="notice good">{texts.noGaps}</p>
      ) : (
        <p class="notice bad">{texts.gapsAt(format.list(gaps))}</p>
      )}
      {[...overlaps].map((overlap) => (
        <p key={overlap} class="notice">
          {overlap}
        </p>
      ))}
    </Card>
  )
}
