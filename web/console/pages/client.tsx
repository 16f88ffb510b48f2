/**
 * One client with everything that can be set of it, in sections (`../client/`). What a feature that the client does not have
 * would need is not shown.
 */
import { useLocation, useRoute } from 'preact-iso'
import { api } from '../../shared/api.ts'
import type { IfMatch } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { ClientAllowances } from '../client/allowances.tsx'
import { Calling } from '../client/calling.tsx'
import { General } from '../client/general.tsx'
import { Invoicing } from '../client/invoicing.tsx'
import { Limits } from '../client/limits.tsx'
import { DirectDebitMandate } from '../client/mandate.tsx'
import { Money } from '../client/money.tsx'
import type { Change, Shown } from '../client/settings.tsx'
import { Tariffs } from '../client/tariffs.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

const tabs = ['money', 'general', 'limits', 'tariffs', 'invoicing', 'calling'] as const
type Tab = (typeof tabs)[number]

export function ClientPage() {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const id = useRoute().params.id ?? ''
  const { query } = useLocation()
  const { data, error, reload } = useData(`client ${id}`, (signal) =>
    api.tagged('GET /v1/clients/{id}', { params: { id }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { answer: client, etag } = data
  const hasBilling = client.features?.includes('billing') ?? true
  const shownTabs = tabs.filter((tab) => {
    if (tab === 'tariffs') return hasBilling && may('rating-profiles')
    return tab !== 'invoicing' || (client.features?.includes('invoices') ?? true)
  })
  const tab = shownTabs.find((known) => known === query.tab) ?? 'money'
  const change = async (body: Change, ifMatch: IfMatch) => {
    await api('PATCH /v1/clients/{id}', { params: { id: client.id }, body, headers: ifMatch(etag) })
    reload()
  }
  const shown = { client, change }
  return (
    <>
      <Heading
        actions={
          may('clients', 'u') && (
            <AskFirst
              label={client.suspended ? texts.unsuspendClient : texts.suspendClient}
              question={texts.suspendText}
              isDanger={!client.suspended}
              act={(_values, ifMatch) => change({ suspended: !client.suspended }, ifMatch)}
            />
          )
        }
      >
        {client.name}
      </Heading>
      <p>
        <a href="/console/clients">{words.back}</a> · <span class="muted">{client.sipDomain}</span>{' '}
        {client.suspended && <Badge tone="bad">{words.suspended}</Badge>}
      </p>
      {client.warnings?.map((warning) => (
        <p key={warning} class="notice warn">
          {warning}
        </p>
      ))}
      <nav class="tabs" aria-label={client.name}>
        {shownTabs.map((known) => (
          <a
            key={known}
            href={`/console/clients/${id}?tab=${known}`}
            aria-current={known === tab ? 'page' : undefined}
          >
            {texts[known]}
          </a>
        ))}
      </nav>
      <Section tab={tab} shown={shown} />
    </>
  )
}

function Section({ tab, shown }: { tab: Tab; shown: Shown }) {
  const { may } = useConsole()
  switch (tab) {
    case 'money':
      return <Money {...shown} />
    case 'general':
      return <General {...shown} />
    case 'limits':
      return <Limits {...shown} />
    case 'tariffs':
      return (
        <>
          <Tariffs {...shown} />
          {may('allowances') && <ClientAllowances client={shown.client} />}
        </>
      )
    case 'invoicing':
      return (
        <>
          <Invoicing {...shown} />
          <DirectDebitMandate {...shown} />
        </>
      )
    case 'calling':
      return <Calling {...shown} />
  }
}
