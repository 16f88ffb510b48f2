/**
 * One carrier: by which plan its cost is made, from when on.
 */
import { useLocation, useRoute } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, EditDialog, FormDialog } from '../dialogs.tsx'
import { CarrierFields } from './carriers.tsx'

export function CarrierPage() {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const id = useRoute().params.id ?? ''
  const params = { id }
  const load = (signal: AbortSignal) => api.tagged('GET /v1/carriers/{id}', { params, signal })
  const { data, error, reload } = useData(`carrier ${id}`, load)
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { answer: carrier, etag } = data
  return (
    <>
      <Heading
        actions={
          <>
            {may('what-if') && (
              <a class="button" href={`/console/what-if?carrierId=${id}`}>
                {texts.whatIf}
              </a>
            )}
            {may('carriers', 'u') && (
              <EditDialog
                title={carrier.name}
                load={load}
                save={async ({ name = '', code = '', currency = '', timeZone = '' }, headers) => {
                  const body = { name, code, timeZone, currency: currency.toUpperCase() }
                  await api('PATCH /v1/carriers/{id}', { params, body, headers })
                  reload()
                }}
              >
                {(now) => <CarrierFields carrier={now} />}
              </EditDialog>
            )}
          </>
        }
      >
        {carrier.name}
      </Heading>
      <p>
        <a href="/console/carriers">{words.back}</a>
      </p>
      <Card title={texts.carrier}>
        <Facts
          facts={[
            [
              texts.carrierCode,
              <span key="code" class="code">
                {carrier.code}
              </span>,
            ],
            [texts.currency, carrier.currency],
            [texts.timeZone, carrier.timeZone],
          ]}
        />
      </Card>
      <CostPlans carrierId={id} currency={carrier.currency} />
      {may('carriers', 'd') && (
        <p>
          <AskFirst
            label={words.remove}
            question={texts.removeThing(carrier.name)}
            isDanger
            act={async (_values, ifMatch) => {
              await api('DELETE /v1/carriers/{id}', { params, headers: ifMatch(etag) })
              route('/console/carriers')
            }}
          />
        </p>
      )}
    </>
  )
}

function CostPlans({ carrierId, currency }: { carrierId: string; currency: string }) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const params = { carrierId }
  const profiles = useData(`profiles ${carrierId}`, (signal) =>
    api('GET /v1/carriers/{carrierId}/rating-profiles', { params, query: { limit: 100 }, signal }),
  )
  const plans = useData(may('rating-plans') ? 'plans' : null, (signal) =>
    api('GET /v1/rating-plans', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const ofCurrency = plans.data?.data.filter((plan) => plan.currency === currency) ?? []
  const namePlan = (id: string) => plans.data?.data.find((plan) => plan.id === id)?.name ?? '…'
  return (
    <Card
      title={texts.costPlans}
      actions={
        may('carriers', 'c') &&
        ofCurrency.length > 0 && (
          <FormDialog
            label={texts.addCostPlan}
            send={async ({ ratingPlanId = '', activatesAt }) => {
              const at = activatesAt ? `${activatesAt}T00:00:00Z` : new Date().toISOString()
              const body = { ratingPlanId, activatesAt: at }
              await api('POST /v1/carriers/{carrierId}/rating-profiles', { params, body })
              profiles.reload()
            }}
          >
            <SelectField
              name="ratingPlanId"
              label={texts.plan}
              options={ofCurrency.map(({ id, name }) => ({ value: id, text: name }))}
            />
            <TextField name="activatesAt" label={texts.activatesAt} hint={texts.instantHint} type="date" />
          </FormDialog>
        )
      }
    >
      {plans.data && ofCurrency.length === 0 && <p class="notice">{texts.noPlanIn(currency)}</p>}
      <Table
        caption={texts.costPlans}
        empty={texts.noCostPlans}
        rows={profiles.data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            name: texts.plan,
            isTitle: true,
            cell: ({ ratingPlanId }) => (
              <a href={`/console/plans/${ratingPlanId}`}>{namePlan(ratingPlanId)}</a>
            ),
          },
          { name: texts.activatesAt, isShort: true, cell: ({ activatesAt }) => format.instant(activatesAt) },
          {
            name: words.remove,
            isActions: true,
            cell: ({ id, ratingPlanId }) =>
              may('carriers', 'd') && (
                <AskFirst
                  label={words.remove}
                  question={namePlan(ratingPlanId)}
                  isDanger
                  act={async () => {
                    await api('DELETE /v1/carriers/{carrierId}/rating-profiles/{id}', {
                      params: { carrierId, id },
                    })
                    profiles.reload()
                  }}
                />
              ),
          },
        ]}
      />
    </Card>
  )
}
