/**
 * Makes decks, plans and profiles through the API, or new versions of those that have the name already.
 */
import { type ImportedTariffs, unsupportedRow } from '../tariff-migration/imported-tariffs.ts'
import { writeRateSheet } from '../tariff-migration/write-rate-sheet.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { importSheet } from './import-sheet.ts'
import type { ServiceApi } from './service-api.ts'
import type { Output } from './terminal.ts'

interface Named {
  id: string
  name: string
  sipDomain?: string
}

/** What cannot be placed is added to `moved.unequal`, and taken out of what is told as made. */
export async function moveTariffs(
  api: ServiceApi,
  moved: ImportedTariffs,
  { brandId, output }: { brandId: string | undefined; output: Output },
): Promise<void> {
  const owner = brandId === undefined ? {} : { brandId }
  const idsOf = async (path: string) => {
    const ids = new Map<string, string>()
    for await (const { id, name, sipDomain } of api.list<Named>(path, { brandId })) {
      ids.set(name, id)
      if (sipDomain) ids.set(sipDomain, id)
      ids.set(id, id)
    }
    return ids
  }
  const make = async (path: string, body: object) => (await api.json<Named>('POST', path, { body })).id

  const deckIds = await idsOf('/v1/rate-decks')
  for (const { name, currency, rounding, rates } of moved.decks) {
    const rateDeckId =
      deckIds.get(name) ?? (await make('/v1/rate-decks', { ...owner, name, currency, rounding }))
    deckIds.set(name, rateDeckId)
    output.note(`${name}: ${rates.size} rates`)
    const csv = ReadableStream.from(encoded(writeRateSheet(rates.values())))
    const { status, errors } = await importSheet(
      api,
      { rateDeckId, csv, mode: 'replace', dryRun: false },
      output,
    )
    if (status !== 'applied') {
      throw new CommandFailed(
        `${name} was rejected: ${errors[0]?.detail ?? 'see the import'}`,
        exitCodes.found,
      )
    }
  }
  const planIds = await idsOf('/v1/rating-plans')
  for (const { name, currency, timeZone, entries } of moved.plans) {
    const terms = {
      timeZone,
      entries: entries.map(({ deck, ...entry }) => ({ rateDeckId: deckIds.get(deck), ...entry })),
    }
    const known = planIds.get(name)
    if (known === undefined)
      planIds.set(name, await make('/v1/rating-plans', { ...owner, name, currency, ...terms }))
    else await api.send('PATCH', `/v1/rating-plans/${known}`, { body: terms })
  }
  await moveProfiles(api, moved, { planIds, clientIds: await idsOf('/v1/clients') })
}

async function moveProfiles(
  api: ServiceApi,
  moved: ImportedTariffs,
  { planIds, clientIds }: { planIds: ReadonlyMap<string, string>; clientIds: ReadonlyMap<string, string> },
): Promise<void> {
  const placed: ImportedTariffs['profiles'] = []
  for (const profile of moved.profiles) {
    const { client, plan, activatesAt, row } = profile
    const clientId = clientIds.get(client) ?? clientIds.get(client.toLowerCase())
    if (clientId === undefined) {
      moved.unequal.push(unsupportedRow(row, `there is no client "${client}"`))
      continue
    }
    const path = `/v1/clients/${clientId}/rating-profiles`
    let isThere = false
    for await (const known of api.list<{ activatesAt: string }>(path)) {
      if (Date.parse(known.activatesAt) === Date.parse(activatesAt)) isThere = true
    }
    if (!isThere) await api.send('POST', path, { body: { ratingPlanId: planIds.get(plan), activatesAt } })
    placed.push(profile)
  }
  moved.profiles = placed
}

function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const piece of pieces) yield encoder.encode(piece)
}
