/**
 * A brand with everything that can be set of it, in sections (`../brand/`). The platform chooses which one; whoever runs one brand sees
 * that one.
 */
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { type IfMatch, SelectField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { Calling } from '../brand/calling.tsx'
import { General } from '../brand/general.tsx'
import { Invoicing } from '../brand/invoicing.tsx'
import { Mail } from '../brand/mail.tsx'
import type { Change } from '../brand/settings.tsx'
import { useConsole } from '../console.tsx'

const tabs = ['general', 'calling', 'invoicing', 'mails'] as const
const sections = { general: General, calling: Calling, invoicing: Invoicing, mails: Mail }

export function BrandPage() {
  const { texts, brandId } = useConsole()
  const { query, route } = useLocation()
  const brands = useData(brandId === null ? 'brands' : null, (signal) =>
    api('GET /v1/brands', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const id = brandId ?? query.brandId ?? brands.data?.data[0]?.id
  if (brands.error) return <Failure error={brands.error} retry={brands.reload} />
  return (
    <>
      <Heading>{texts.brandSettings.title}</Heading>
      {brands.data && (
        <div class="filters">
          <SelectField
            name="brandId"
            label={texts.brandOf}
            value={id ?? ''}
            options={brands.data.data.map((brand) => ({ value: brand.id, text: brand.name }))}
            onChange={(chosen) => route(`/console/brand?brandId=${chosen}`)}
          />
        </div>
      )}
      {id === undefined ? <Loading /> : <OfBrand key={id} id={id} />}
    </>
  )
}

function OfBrand({ id }: { id: string }) {
  const { words } = useLocale()
  const { texts, brandId } = useConsole()
  const { query } = useLocation()
  const params = { id }
  const { data, error, reload } = useData(`brand ${id}`, (signal) =>
    api.tagged('GET /v1/brands/{id}', { params, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { answer: brand, etag } = data
  const tab = tabs.find((known) => known === query.tab) ?? 'general'
  const Section = sections[tab]
  const change = async (body: Change, ifMatch: IfMatch) => {
    await api('PATCH /v1/brands/{id}', { params, body, headers: ifMatch(etag) })
    reload()
  }
  return (
    <>
      {brand.warnings?.map((warning) => (
        <p key={warning} class="notice warn">
          {warning}
        </p>
      ))}
      <nav class="tabs" aria-label={brand.name}>
        {tabs.map((known) => (
          <a
            key={known}
            href={`/console/brand?${new URLSearchParams({ ...(brandId === null && { brandId: id }), tab: known })}`}
            aria-current={known === tab ? 'page' : undefined}
          >
            {known === 'invoicing' ? words.invoices : texts[known]}
          </a>
        ))}
      </nav>
      <Section brand={brand} change={change} />
    </>
  )
}
