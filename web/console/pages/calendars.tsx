/**
 * Calendars: days, such as public holidays, that windows of plans are asked for.
 */
import { type Answer, api } from '../../shared/api.ts'
import { TextAreaField, TextField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { type CalendarDay, readDays, writeDays } from '../calendar-days.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, EditDialog, FormDialog } from '../dialogs.tsx'
import { BrandField } from '../parts.tsx'

type Calendar = Answer<'GET /v1/calendars'>['data'][number]
const shownDays = 8

export function CalendarsPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const calendars = usePages<Calendar>('calendars', (cursor, signal) =>
    api('GET /v1/calendars', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  return (
    <>
      <Heading
        actions={
          may('calendars', 'c') && (
            <FormDialog
              label={texts.addCalendar}
              isPrimary
              submit={words.add}
              send={async ({ name = '', days = '', brandId }) => {
                const body = { name, days: readDays(days), ...(brandId && { brandId }) }
                await api('POST /v1/calendars', { body })
                calendars.reload()
              }}
            >
              <BrandField />
              <CalendarFields />
            </FormDialog>
          )
        }
      >
        {texts.calendars}
      </Heading>
      <PagedTable
        caption={texts.calendars}
        empty={texts.noCalendars}
        pages={calendars}
        keyOf={({ id }) => id}
        columns={[
          { name: words.name, isTitle: true, cell: ({ name }) => name },
          {
            name: texts.days,
            cell: ({ days }) => {
              const shown = days.slice(0, shownDays).map((day) => describeDay(day, { format, texts }))
              return `${format.list(shown)}${days.length > shownDays ? ' …' : ''}`
            },
          },
          {
            name: words.edit,
            isActions: true,
            cell: ({ id, name }) => (
              <span class="actions">
                {may('calendars', 'u') && (
                  <EditDialog
                    title={name}
                    load={(signal) => api.tagged('GET /v1/calendars/{id}', { params: { id }, signal })}
                    save={async (values, headers) => {
                      const body = { name: values.name ?? '', days: readDays(values.days ?? '') }
                      await api('PATCH /v1/calendars/{id}', { params: { id }, body, headers })
                      calendars.reload()
                    }}
                  >
                    {(now) => <CalendarFields calendar={now} />}
                  </EditDialog>
                )}
                {may('calendars', 'd') && (
                  <AskFirst
                    label={words.remove}
                    question={texts.removeThing(name)}
                    isDanger
                    act={async () => {
                      await api('DELETE /v1/calendars/{id}', { params: { id } })
                      calendars.reload()
                    }}
                  />
                )}
              </span>
            ),
          },
        ]}
      />
    </>
  )
}

function CalendarFields({ calendar }: { calendar?: Calendar }) {
  const { words } = useLocale()
  const { texts } = useConsole()
  return (
    <>
      <TextField name="name" label={words.name} value={calendar?.name ?? ''} required />
      <TextAreaField
        name="days"
        label={texts.days}
        hint={texts.calendarDaysHint}
        value={writeDays(calendar?.days ?? [])}
      />
    </>
  )
}

function describeDay(
  day: CalendarDay,
  {
    format,
    texts,
  }: Pick<ReturnType<typeof useLocale>, 'format'> & Pick<ReturnType<typeof useConsole>, 'texts'>,
): string {
  if (typeof day === 'string') return format.day(day)
  const { month, day: ofMonth, easter } = day
  if (easter !== undefined)
    return texts.fromEaster(`${easter < 0 ? '−' : '+'}${format.whole(Math.abs(easter))}`)
  const two = (value = 0) => String(value).padStart(2, '0')
  // Of a leap year, so that the last of February is there.
  return format.shortDay(`2024-${two(month)}-${two(ofMonth)}`)
}
