/**
 * Allowance plans: bundles of seconds, calls or money, and recurring fees, that clients may be given.
 */
import { type Answer, api } from '../../shared/api.ts'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'

type Plan = Answer<'GET /v1/allowance-plans'>['data'][number]

export function AllowancePlansPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const plans = usePages<Plan>('allowance plans', (cursor, signal) =>
    api('GET /v1/allowance-plans', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  return (
    <>
      <Heading
        actions={
          may('allowance-plans', 'c') && (
            <a class="button primary" href="/console/allowance-plans/new">
              {texts.addAllowancePlan}
            </a>
          )
        }
      >
        {texts.allowancePlans}
      </Heading>
      <PagedTable
        caption={texts.allowancePlans}
        empty={texts.noAllowancePlans}
        pages={plans}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => <a href={`/console/allowance-plans/${id}`}>{name}</a>,
          },
          { name: texts.unit, cell: ({ period }) => texts.everyOne[period] },
          { name: texts.allowanceItems, cell: ({ items }) => format.list(items.map(({ name }) => name)) },
          {
            name: words.movementKinds.fee,
            isFigure: true,
            isCorner: true,
            cell: ({ fee, currency }) => format.money(fee, currency),
          },
        ]}
      />
    </>
  )
}
