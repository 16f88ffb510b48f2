/**
 * A list of rates, checked and in the form in which they are stored. Every rate is looked at until 100 faults are found.
 */
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import { type InputFault, InvalidRequest } from '../errors.ts'
import type { Rounding } from '../rating/tariff.ts'
import { canonicalRate, type RateInput, termsText } from './canonical-rate.ts'
import { findRateFaults } from './find-rate-faults.ts'

const maxNamed = 100

/** Throws `InvalidRequest` with a pointer to each fault. */
export function readRates(inputs: readonly RateInput[], rounding: Rounding): StagedRate[] {
  const staged: StagedRate[] = []
  const faults: InputFault[] = []
  const places = new Map<string, number>()
  for (const [place, input] of inputs.entries()) {
    const rate = canonicalRate(input)
    for (const { field, detail } of findRateFaults(rate, rounding).errors) {
      faults.push({ pointer: `/${place}/${field}`, detail })
    }
    const former = places.get(rate.prefix)
    if (former !== undefined) {
      const detail = `The prefix ${rate.prefix} stands at /${former}, too.`
      faults.push({ pointer: `/${place}/prefix`, detail })
    }
    if (faults.length >= maxNamed) break
    places.set(rate.prefix, place)
    staged.push({
      line: place,
      prefix: rate.prefix,
      destination: rate.destination,
      terms: termsText(rate),
      intervalStart: 0,
      given: '',
    })
  }
  if (faults.length > 0) throw faulty(faults)
  return staged
}

function faulty(faults: readonly InputFault[]): InvalidRequest {
  const count = faults.length < maxNamed ? `${faults.length}` : `${maxNamed} or more`
  return new InvalidRequest(`The list has ${count} faults; no rate was changed.`, faults.slice(0, maxNamed))
}
