/**
 * One client with everything that can be set of it, in sections. What a feature that the client does not have would need
 * is not shown.
 */
import type { ComponentChildren } from 'preact'
import { useLocation, useRoute } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { Form, type IfMatch, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { ClientAllowances } from '../client-allowances.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst, CheckField, type Client, FormDialog, orNull } from '../parts.tsx'
import { methods } from './clients.tsx'

const tabs = ['money', 'general', 'limits', 'tariffs', 'invoicing', 'calling'] as const
type Tab = (typeof tabs)[number]
type Features = NonNullable<Client['features']>
type Change = NonNullable<Parameters<typeof api<'PATCH /v1/clients/{id}'>>[1]['body']>

interface Shown {
  client: Client
  change(body: Change, ifMatch: IfMatch): Promise<unknown>
}

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
      return <Invoicing {...shown} />
    case 'calling':
      return <Calling {...shown} />
  }
}

/** A card with a form that changes the client. */
function Settings({
  title,
  children,
  change,
  read,
}: {
  title: string
  children: ComponentChildren
  change: Shown['change']
  read(values: Record<string, string>): Change
}) {
  const { words } = useLocale()
  const { may } = useConsole()
  return (
    <Card title={title}>
      <Form
        class="form two-columns"
        done={words.saved}
        send={(values, ifMatch) => change(read(values), ifMatch)}
      >
        {children}
        {may('clients', 'u') && (
          <div class="buttons wide">
            <SubmitButton>{words.save}</SubmitButton>
          </div>
        )}
      </Form>
    </Card>
  )
}

function Money({ client }: Shown) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId: client.id }
  const currency = client.currency ?? 'EUR'
  const balance = useData(may('balance') ? `balance ${client.id}` : null, (signal) =>
    api('GET /v1/clients/{clientId}/balance', { params, signal }),
  )
  const usage = useData(may('daily-usage') ? `usage ${client.id}` : null, (signal) =>
    api('GET /v1/clients/{clientId}/daily-usage', { params, signal }),
  )
  const movements = useData(may('balance-movements') ? `movements ${client.id}` : null, (signal) =>
    api('GET /v1/clients/{clientId}/balance-movements', { params, query: { limit: 20 }, signal }),
  )
  const book = async (kind: 'top-up' | 'adjustment', { amount = '', reference }: Record<string, string>) => {
    const body = { kind, amount: amount.replace(',', '.'), reference: orNull(reference) ?? '' }
    // A click that is repeated books once.
    const headers = { 'idempotency-key': crypto.randomUUID() }
    await api('POST /v1/clients/{clientId}/balance-movements', { params, body, headers })
    balance.reload()
    movements.reload()
  }
  const kinds: Record<string, string> = words.movementKinds
  const rows = movements.data?.data ?? []
  const decimals = maxDecimals(rows.flatMap(({ amount, balanceAfter }) => [amount, balanceAfter]))
  return (
    <>
      <div class="cards">
        {balance.data && (
          <Card
            title={words.balance}
            actions={
              may('balance-movements', 'c') && (
                <span class="actions">
                  {(['top-up', 'adjustment'] as const).map((kind) => (
                    <FormDialog
                      key={kind}
                      label={kind === 'top-up' ? texts.topUp : texts.adjustment}
                      send={(values) => book(kind, values)}
                    >
                      <TextField
                        name="amount"
                        label={`${words.amount} (${currency})`}
                        hint={kind === 'adjustment' ? texts.adjustmentHint : undefined}
                        inputMode="decimal"
                        pattern="-?[0-9]+([.,][0-9]+)?"
                        required
                      />
                      <TextField name="reference" label={words.reference} maxLength={255} required />
                    </FormDialog>
                  ))}
                </span>
              )
            }
          >
            <p class="big">{format.money(balance.data.balance, currency)}</p>
            <Facts
              facts={[
                [words.reserved, format.money(balance.data.reserved, currency)],
                [
                  words.available,
                  balance.data.available === null
                    ? words.notLimited
                    : format.money(balance.data.available, currency),
                ],
                [words.unbilled, format.money(balance.data.unbilled, currency)],
                [words.invoicedUnpaid, format.money(balance.data.invoicedUnpaid, currency)],
              ]}
            />
          </Card>
        )}
        {usage.data && (
          <Card title={words.spentToday}>
            <p class="big">{format.money(usage.data.amount, currency)}</p>
            <Facts
              facts={[
                [
                  words.dailyLimit,
                  usage.data.limit === null ? words.noLimit : format.money(usage.data.limit, currency),
                ],
                [words.reserved, format.money(usage.data.reserved, currency)],
                usage.data.limitReachedAt === null
                  ? null
                  : [texts.reasons.daily_limit_reached, format.instant(usage.data.limitReachedAt)],
              ]}
            />
          </Card>
        )}
      </div>
      <p class="actions">
        {may('calls') && <a href={`/console/calls?clientId=${client.id}`}>{words.calls}</a>}
        {may('invoices') && <a href={`/console/invoices?clientId=${client.id}`}>{words.invoices}</a>}
        {may('price-simulations') && <a href={`/console/explain?clientId=${client.id}`}>{texts.explain}</a>}
      </p>
      {movements.data && (
        <Table
          caption={words.statement}
          empty={words.noMovements}
          rows={rows}
          keyOf={({ id, seq }) => id ?? String(seq)}
          columns={[
            {
              name: words.time,
              isTitle: true,
              isShort: true,
              cell: ({ createdAt }) => format.instant(createdAt),
            },
            { name: words.movement, cell: ({ kind }) => kinds[kind] ?? kind },
            { name: words.reference, cell: ({ reference }) => reference },
            {
              name: words.amount,
              isFigure: true,
              isCorner: true,
              cell: ({ amount }) => format.money(amount, currency, decimals),
            },
            {
              name: words.balance,
              isFigure: true,
              cell: ({ balanceAfter }) => format.money(balanceAfter, currency, decimals),
            },
          ]}
        />
      )}
    </>
  )
}

function General({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const known = Object.keys(texts.featureNames) as Features[number][]
  return (
    <>
      <Settings
        title={texts.general}
        change={change}
        read={({
          name = '',
          sipDomain = '',
          language = '',
          timeZone = '',
          currency = '',
          countryCode,
          ...rest
        }) => ({
          name,
          sipDomain,
          language,
          timeZone,
          currency: currency.toUpperCase(),
          countryCode: orNull(countryCode?.toUpperCase()),
          features: known.filter((feature) => rest[`feature-${feature}`] === 'on'),
          billingMethod:
            rest['feature-billing'] === 'on'
              ? (methods.find((method) => method === rest.billingMethod) ?? 'postpaid')
              : 'none',
        })}
      >
        <TextField name="name" label={words.name} value={client.name} required />
        <TextField name="sipDomain" label={texts.sipDomain} value={client.sipDomain} required />
        <SelectField
          name="billingMethod"
          label={texts.billingMethod}
          hint={texts.billingMethodHint}
          value={client.billingMethod ?? 'postpaid'}
          options={methods.map((method) => ({ value: method, text: texts.billingMethods[method] }))}
        />
        <TextField
          name="currency"
          label={texts.currency}
          hint={texts.currencyHint}
          value={client.currency ?? ''}
          maxLength={3}
          required
        />
        <TextField
          name="timeZone"
          label={texts.timeZone}
          hint={texts.timeZoneHint}
          value={client.timeZone ?? ''}
          required
        />
        <TextField name="language" label={texts.languageTag} value={client.language ?? ''} required />
        <TextField
          name="countryCode"
          label={texts.country}
          hint={texts.countryHint}
          value={client.countryCode ?? ''}
          maxLength={2}
        />
        <fieldset class="wide">
          <legend>{texts.features}</legend>
          <div class="checks">
            {known.map((feature) => (
              <CheckField
                key={feature}
                name={`feature-${feature}`}
                label={texts.featureNames[feature]}
                isOn={client.features?.includes(feature) ?? false}
              />
            ))}
          </div>
        </fieldset>
      </Settings>
      {may('clients', 'd') && (
        <p>
          <AskFirst
            label={texts.removeClient}
            question={texts.removeText(client.name)}
            isDanger
            act={async () => {
              await api('DELETE /v1/clients/{id}', { params: { id: client.id } })
              route('/console/clients')
            }}
          />
        </p>
      )}
    </>
  )
}

function Limits({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const hasBilling = client.features?.includes('billing') ?? true
  return (
    <>
      <Settings
        title={texts.limits}
        change={change}
        read={({ maxCalls, maxCallSeconds, filterByIp, geoCountries = '', failurePolicy, ...money }) => ({
          maxCalls: Number(maxCalls),
          maxCallSeconds: Number(maxCallSeconds),
          filterByIp: filterByIp === 'on',
          geoIpAllowedCountries: geoCountries
            .toUpperCase()
            .split(/[\s,;]+/)
            .filter(Boolean),
          failurePolicy: failurePolicy === 'allow' ? 'allow' : 'deny',
          ...(hasBilling && {
            maxDailyUsage: orNull(money.maxDailyUsage?.replace(',', '.')),
            maxDailyUsageEmail: orNull(money.maxDailyUsageEmail),
            creditLimit: orNull(money.creditLimit?.replace(',', '.')),
          }),
        })}
      >
        <TextField
          name="maxCalls"
          label={texts.maxCalls}
          hint={texts.maxCallsHint}
          value={String(client.maxCalls ?? 0)}
          pattern="[0-9]+"
          required
        />
        <TextField
          name="maxCallSeconds"
          label={texts.maxCallSeconds}
          value={String(client.maxCallSeconds ?? 10800)}
          pattern="[0-9]+"
          required
        />
        {hasBilling && (
          <>
            <TextField
              name="maxDailyUsage"
              label={`${texts.maxDailyUsage} (${client.currency})`}
              hint={texts.maxDailyUsageHint}
              value={client.maxDailyUsage ?? ''}
              inputMode="decimal"
            />
            <TextField
              name="maxDailyUsageEmail"
              label={texts.maxDailyUsageEmail}
              type="email"
              value={client.maxDailyUsageEmail ?? ''}
            />
            <TextField
              name="creditLimit"
              label={`${texts.creditLimit} (${client.currency})`}
              hint={texts.creditLimitHint}
              value={client.creditLimit ?? ''}
              inputMode="decimal"
            />
          </>
        )}
        <SelectField
          name="failurePolicy"
          label={texts.failurePolicy}
          value={client.failurePolicy ?? 'deny'}
          options={(['deny', 'allow'] as const).map((policy) => ({
            value: policy,
            text: texts.failurePolicies[policy],
          }))}
        />
        <CheckField
          name="filterByIp"
          label={texts.filterByIp}
          hint={texts.filterByIpHint}
          isOn={client.filterByIp ?? false}
        />
        <TextField
          name="geoCountries"
          label={texts.geoCountries}
          hint={texts.geoCountriesHint}
          value={client.geoIpAllowedCountries?.join(', ') ?? ''}
        />
      </Settings>
      <Sources clientId={client.id} title={texts.authorizedSources} remove={words.remove} />
    </>
  )
}

function Sources({ clientId, title, remove }: { clientId: string; title: string; remove: string }) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId }
  const { data, reload } = useData(`sources ${clientId}`, (signal) =>
    api('GET /v1/clients/{clientId}/authorized-sources', { params, query: { limit: 500 }, signal }),
  )
  return (
    <Card
      title={title}
      actions={
        may('authorized-sources', 'c') && (
          <FormDialog
            label={words.add}
            title={title}
            send={async ({ cidr = '' }) => {
              await api('POST /v1/clients/{clientId}/authorized-sources', { params, body: { cidr } })
              reload()
            }}
          >
            <TextField name="cidr" label={texts.cidr} hint={texts.cidrHint} required />
          </FormDialog>
        )
      }
    >
      <Table
        caption={title}
        empty={texts.noSources}
        rows={data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          { name: texts.cidr, isTitle: true, cell: ({ cidr }) => <span class="code">{cidr}</span> },
          {
            name: remove,
            isActions: true,
            cell: ({ id, cidr }) =>
              may('authorized-sources', 'd') && (
                <AskFirst
                  label={remove}
                  question={cidr}
                  isDanger
                  act={async () => {
                    await api('DELETE /v1/clients/{clientId}/authorized-sources/{id}', {
                      params: { clientId, id },
                    })
                    reload()
                  }}
                />
              ),
          },
        ]}
      />
    </Card>
  )
}

function Tariffs({ client }: Shown) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId: client.id }
  const { data, reload } = useData(`profiles ${client.id}`, (signal) =>
    api('GET /v1/clients/{clientId}/rating-profiles', { params, query: { limit: 100 }, signal }),
  )
  const plans = useData('plans', (signal) =>
    api('GET /v1/rating-plans', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const ofCurrency = plans.data?.data.filter(({ currency }) => currency === client.currency) ?? []
  return (
    <Card
      title={texts.tariffs}
      actions={
        may('rating-profiles', 'c') &&
        ofCurrency.length > 0 && (
          <FormDialog
            label={texts.addTariff}
            send={async ({ ratingPlanId = '', activatesAt }) => {
              const at = activatesAt ? `${activatesAt}T00:00:00Z` : new Date().toISOString()
              await api('POST /v1/clients/{clientId}/rating-profiles', {
                params,
                body: { ratingPlanId, activatesAt: at },
              })
              reload()
            }}
          >
            <SelectField
              name="ratingPlanId"
              label={words.tariff}
              options={ofCurrency.map(({ id, name }) => ({ value: id, text: name }))}
            />
            <TextField name="activatesAt" label={texts.activatesAt} hint={texts.instantHint} type="date" />
          </FormDialog>
        )
      }
    >
      <Table
        caption={texts.tariffs}
        empty={texts.noTariffs}
        rows={data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.tariff,
            isTitle: true,
            cell: ({ ratingPlanId, ratingPlanName }) => (
              <a href={`/console/plans/${ratingPlanId}`}>{ratingPlanName ?? ratingPlanId}</a>
            ),
          },
          { name: texts.activatesAt, isShort: true, cell: ({ activatesAt }) => format.instant(activatesAt) },
        ]}
      />
    </Card>
  )
}

function Invoicing({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const { invoiceData, portalVisibility = {} } = client
  const fields = ['legalName', 'taxId', 'postalAddress', 'postalCode', 'town', 'province'] as const
  const visible = ['invoices', 'ratingProfiles', 'callPrices'] as const
  return (
    <Settings
      title={texts.invoicing}
      change={change}
      read={({ country, email, autoAllocate, ...values }) => ({
        invoiceData: {
          ...Object.fromEntries(fields.map((field) => [field, values[field] ?? ''])),
          country: orNull(country?.toUpperCase()),
          email: orNull(email),
        },
        autoAllocate: autoAllocate === 'on',
        portalVisibility: Object.fromEntries(
          visible.map((name) => [name, values[`visible-${name}`] === 'on']),
        ),
      })}
    >
      {fields.map((field) => (
        <TextField key={field} name={field} label={texts[field]} value={invoiceData?.[field] ?? ''} />
      ))}
      <TextField
        name="country"
        label={texts.country}
        hint={texts.countryHint}
        value={invoiceData?.country ?? ''}
        maxLength={2}
      />
      <TextField name="email" label={texts.invoiceEmail} type="email" value={invoiceData?.email ?? ''} />
      <CheckField name="autoAllocate" label={texts.autoAllocate} isOn={client.autoAllocate ?? true} />
      <fieldset class="wide">
        <legend>{texts.visibility}</legend>
        <div class="checks">
          {visible.map((name) => (
            <CheckField
              key={name}
              name={`visible-${name}`}
              label={name === 'invoices' ? words.invoices : texts.visibilityNames[name]}
              isOn={portalVisibility[name] ?? false}
            />
          ))}
        </div>
      </fieldset>
    </Settings>
  )
}

function Calling({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const hasRecordings = client.features?.includes('recordings') ?? false
  const modes = ['off', 'sipInfo', 'serviceCode'] as const
  return (
    <Settings
      title={texts.calling}
      change={change}
      read={({ outgoingDdi, onDemand, serviceCode }) => ({
        outgoingDdi: orNull(outgoingDdi),
        ...(hasRecordings && {
          recording: {
            onDemand: modes.find((mode) => mode === onDemand) ?? 'off',
            serviceCode: onDemand === 'serviceCode' ? orNull(serviceCode) : null,
          },
        }),
      })}
    >
      <TextField
        name="outgoingDdi"
        label={texts.outgoingDdi}
        hint={words.priceNumberHint}
        value={client.outgoingDdi ?? ''}
        inputMode="tel"
      />
      {hasRecordings && (
        <>
          <SelectField
            name="onDemand"
            label={texts.recording}
            value={client.recording?.onDemand ?? 'off'}
            options={modes.map((mode) => ({ value: mode, text: texts.recordings[mode] }))}
          />
          <TextField
            name="serviceCode"
            label={texts.serviceCode}
            value={client.recording?.serviceCode ?? ''}
            pattern="[0-9]{1,3}"
          />
        </>
      )}
    </Settings>
  )
}
