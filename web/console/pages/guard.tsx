/**
 * One guard against toll fraud: its conditions, limits and action, tried on the calls of the last days before it is saved.
 */
import { useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { ClientField, useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'
import { BrandField, CheckField, DaysField, orNull, readDays } from '../parts.tsx'
import { guardActions, guardLimits, isMoneyLimit } from './guards.tsx'

type Guard = Answer<'GET /v1/spend-guards/{id}'>
type Fields = NonNullable<Parameters<typeof api<'POST /v1/spend-guards'>>[1]>['body']
type Tested = Answer<'POST /v1/spend-guards/test'>

const testedDays = 30

export function GuardPage() {
  const id = useRoute().params.id ?? ''
  const isNew = id === 'new'
  const guard = useData(isNew ? null : `guard ${id}`, (signal) =>
    api.tagged('GET /v1/spend-guards/{id}', { params: { id }, signal }),
  )
  if (guard.error) return <Failure error={guard.error} retry={guard.reload} />
  if (!isNew && !guard.data) return <Loading />
  return <Editor guard={guard.data?.answer} etag={guard.data?.etag ?? ''} onSaved={guard.reload} />
}

function Editor({
  guard,
  etag,
  onSaved,
}: {
  /** undefined: a new one. */
  guard: Guard | undefined
  etag: string
  onSaved(): void
}) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const [tested, setTested] = useState<Tested>()
  const nameClient = useClientNames([guard?.clientId ?? null])
  const { when, limits } = guard ?? { when: null, limits: { spendPerHour: '10' } }
  const mayWrite = may('spend-guards', guard ? 'u' : 'c')
  const save = async (values: Record<string, string>, headers: Record<string, string>) => {
    const fields = readFields(values, guard)
    setTested(undefined)
    if (values.intent === 'test') {
      setTested(await api('POST /v1/spend-guards/test', { body: { guard: fields, days: testedDays } }))
    } else if (guard) {
      // A limit that is left out of a patch stays as it is.
      const none = Object.fromEntries(guardLimits.map((limit) => [limit, null]))
      const body = { ...fields, limits: { ...none, ...fields.limits } }
      await api('PATCH /v1/spend-guards/{id}', { params: { id: guard.id }, body, headers })
      onSaved()
    } else {
      const { id } = await api('POST /v1/spend-guards', { body: fields })
      route(`/console/guards/${id}`)
    }
  }
  return (
    <>
      <Heading>{guard?.name ?? texts.addGuard}</Heading>
      <p>
        <a href="/console/guards">{words.back}</a>
        {guard?.clientId && (
          <>
            {' · '}
            <a href={`/console/clients/${guard.clientId}`}>{nameClient(guard.clientId)}</a>
          </>
        )}
      </p>
      {guard?.warnings?.map((warning) => (
        <p key={warning} class="notice warn">
          {warning}
        </p>
      ))}
      <Card title={texts.guard}>
        <Form class="form two-columns" send={(values, ifMatch) => save(values, ifMatch(etag))}>
          {!guard && <BrandField />}
          {!guard && <ClientField all={texts.everyClient} />}
          <TextField name="name" label={words.name} value={guard?.name ?? ''} required />
          <SelectField
            name="action"
            label={texts.atLimit}
            value={guard?.action ?? 'alert'}
            options={guardActions.map((action) => ({ value: action, text: texts.guardActions[action] }))}
          />
          <TextField
            name="email"
            label={words.email}
            hint={texts.guardEmailHint}
            type="email"
            value={guard?.email ?? ''}
          />
          <CheckField name="enabled" label={texts.guardIsOn} isOn={guard?.enabled ?? true} />
          <h3 class="wide">{texts.guardWhich}</h3>
          <CheckField
            name="highRisk"
            label={texts.highRisk}
            hint={texts.highRiskHint}
            isOn={guard ? guard.highRisk === true : true}
          />
          <TextField
            name="prefixes"
            label={words.numberStarts}
            hint={texts.guardPrefixesHint}
            value={guard?.prefixes?.join(', ') ?? ''}
            inputMode="tel"
          />
          <TextField name="from" label={texts.windowFrom} value={when?.from ?? '00:00'} pattern={clock} />
          <TextField
            name="to"
            label={texts.windowTo}
            hint={texts.guardHoursHint}
            value={when?.to ?? '24:00'}
            pattern={clock}
          />
          <DaysField days={when?.days ?? null} />
          <h3 class="wide">{texts.guardAtMost}</h3>
          {guardLimits
            .filter((limit) => limit !== 'newCountries')
            .map((limit) => (
              <TextField
                key={limit}
                name={limit}
                label={
                  isMoneyLimit(limit) && guard?.currency
                    ? `${texts.guardLimits[limit]} (${guard.currency})`
                    : texts.guardLimits[limit]
                }
                hint={texts.emptyNone}
                value={String(limits[limit as keyof typeof limits] ?? '')}
                inputMode="decimal"
                pattern={isMoneyLimit(limit) ? '[0-9]+([.,][0-9]+)?' : '[0-9]+'}
              />
            ))}
          <SelectField
            name="newCountries"
            label={texts.guardLimits.newCountries}
            hint={texts.newCountriesHint}
            value={guard?.limits.newCountries ?? ''}
            options={[
              { value: '', text: texts.notAsked },
              { value: 'alert', text: texts.guardActions.alert },
              { value: 'deny', text: texts.guardActions.deny },
            ]}
          />
          {mayWrite && (
            <div class="buttons wide">
              <SubmitButton intent="save">{words.save}</SubmitButton>
              <SubmitButton intent="test" isPrimary={false}>
                {texts.testGuard}
              </SubmitButton>
            </div>
          )}
        </Form>
      </Card>
      {tested && <TestedGuard tested={tested} />}
      {guard && may('spend-guards', 'u') && <Lift guard={guard} />}
      {guard && may('spend-guards', 'd') && (
        <p>
          <AskFirst
            label={words.remove}
            question={texts.removeThing(guard.name)}
            isDanger
            act={async (_values, ifMatch) => {
              const params = { id: guard.id }
              await api('DELETE /v1/spend-guards/{id}', { params, headers: ifMatch(etag) })
              route('/console/guards')
            }}
          />
        </p>
      )}
    </>
  )
}

const clock = '([01][0-9]|2[0-4]):[0-5][0-9]'

function readFields(values: Record<string, string>, guard: Guard | undefined): Fields {
  const { brandId, clientId, name = '', action, email, enabled, highRisk, prefixes = '', from, to } = values
  const days = readDays(values)
  const [begins, ends] = [from || '00:00', to || '24:00']
  const isAlways = days === null && begins === '00:00' && ends === '24:00'
  const timeZone = guard?.when?.timeZone ?? null
  const listed = prefixes.split(/[\s,;]+/).filter(Boolean)
  const { spendPerHour, spendPerDay, newCountries } = values
  const money = (text: string | undefined) => text?.trim().replace(',', '.')
  const counted = ['callsPerMinute', 'runningCalls', 'distinctNumbersPerHour'] as const
  return {
    ...(brandId && !clientId && { brandId }),
    ...(clientId && { clientId }),
    ...(guard && { clientId: guard.clientId ?? null }),
    name,
    enabled: enabled === 'on',
    action: guardActions.find((known) => known === action) ?? 'alert',
    email: orNull(email),
    highRisk: highRisk === 'on' ? true : null,
    prefixes: listed.length > 0 ? listed : null,
    when: isAlways ? null : { days, from: begins, to: ends, timeZone },
    limits: {
      ...(money(spendPerHour) && { spendPerHour: money(spendPerHour) }),
      ...(money(spendPerDay) && { spendPerDay: money(spendPerDay) }),
      ...Object.fromEntries(
        counted.flatMap((limit) => (values[limit] ? [[limit, Number(values[limit])]] : [])),
      ),
      ...((newCountries === 'alert' || newCountries === 'deny') && { newCountries }),
    } as Fields['limits'],
  }
}

function TestedGuard({ tested }: { tested: Tested }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { calls, spent, stoppedCalls, stoppedSpend, trips, currency, days } = tested
  const nameClient = useClientNames(tested.clients.map(({ clientId }) => clientId))
  return (
    <Card title={`${texts.testResult} · ${words.lastDays(format.whole(days))}`}>
      <p class="big">
        {format.money(stoppedSpend, currency)}{' '}
        <small>{texts.wouldStop(format.whole(stoppedCalls), format.whole(calls))}</small>
      </p>
      <Facts
        facts={[
          [words.total, format.money(spent, currency)],
          [texts.trips, format.whole(trips)],
        ]}
      />
      <Table
        caption={texts.testResult}
        empty={texts.neverTripped}
        rows={tested.clients}
        keyOf={({ clientId }) => clientId}
        columns={[
          {
            name: words.client,
            isTitle: true,
            cell: ({ clientId }) => <a href={`/console/clients/${clientId}`}>{nameClient(clientId)}</a>,
          },
          { name: texts.firstTrip, isShort: true, cell: ({ firstAt }) => format.instant(firstAt) },
          { name: texts.refusedCalls, isFigure: true, cell: (row) => format.whole(row.stoppedCalls) },
          {
            name: words.amount,
            isFigure: true,
            isCorner: true,
            cell: (row) => format.money(row.stoppedSpend, currency),
          },
        ]}
      />
    </Card>
  )
}

function Lift({ guard }: { guard: Guard }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  const [until, setUntil] = useState<string>()
  return (
    <Card title={texts.lift}>
      <p class="muted">{texts.liftHint}</p>
      <Form
        class="filters"
        send={async ({ clientId = '', minutes }) => {
          const lifted = await api('POST /v1/spend-guards/{id}/lift', {
            params: { id: guard.id },
            body: { clientId, minutes: Number(minutes) },
          })
          setUntil(lifted.until)
        }}
      >
        {guard.clientId ? (
          <input type="hidden" name="clientId" value={guard.clientId} />
        ) : (
          <ClientField brandId={guard.brandId} />
        )}
        <TextField name="minutes" label={texts.minutes} value="60" pattern="[0-9]{1,5}" required />
        <div class="buttons">
          <SubmitButton>{texts.liftButton}</SubmitButton>
        </div>
      </Form>
      {until && <p class="notice good">{texts.liftedUntil(format.instant(until))}</p>}
    </Card>
  )
}
