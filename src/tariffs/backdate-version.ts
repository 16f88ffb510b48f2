/**
 * May this version of a deck or plan take effect earlier, in the past, and for which answers would that count?
 *
 * Only together with a re-rating of the calls answered in between, whose maker calls this in its transaction. The
 * first version is in force for all time before the second already; a version that a later one overtook before it
 * took effect has nothing to gain. Throws `NotFound`, `InvalidRequest`.
 */

import type { Tx } from '../db/connection.ts'
import { lockVersionInstants, moveVersionInstant } from '../db/tariffs/backdate-version.ts'
import { InvalidRequest, NotFound } from '../errors.ts'
import type { Backdating } from './backdated-tariffs.ts'

export interface WantedBackdating {
  of: Backdating['of']
  id: string
  version: number
  effectiveAt: number
  /** Epoch milliseconds. */
  now: number
}

/** `brandId`: whose calls are concerned. */
export async function findBackdating(
  tx: Tx,
  wanted: WantedBackdating,
): Promise<{ brandId: string; backdating: Backdating }> {
  const { of, id, version, effectiveAt, now } = wanted
  const { brandId, versions } = await lockVersionInstants(tx, { of, id })
  if (brandId === null) throw new NotFound(of.replace('-', ' '), id)
  const place = versions.findIndex((one) => one.version === version)
  const meant = versions[place]
  if (!meant) throw new NotFound(`version of ${of.replace('-', ' ')} ${id}`, String(version))
  if (place === 0) throw refused('version', 'is the first one, in force for all time before the second')
  if (effectiveAt >= Math.min(now, meant.effectiveAt)) {
    throw refused('effectiveAt', 'must be in the past and before the instant at which it takes effect now')
  }
  if (versions.slice(place + 1).some((later) => later.effectiveAt <= meant.effectiveAt)) {
    throw refused('version', 'was overtaken by a later one before it took effect')
  }
  return { brandId, backdating: { of, id, version, from: effectiveAt, until: meant.effectiveAt } }
}

export async function backdateVersion(tx: Tx, backdating: Backdating): Promise<void> {
  await moveVersionInstant(tx, { ...backdating, to: backdating.from })
}

function refused(field: string, detail: string): InvalidRequest {
  return new InvalidRequest('This version cannot be backdated.', [{ pointer: `/backdate/${field}`, detail }])
}
