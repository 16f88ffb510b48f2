/**
 * The body of `PUT …/rates`: its bytes to rates as they are stored. Small ones are read here, large ones in a thread,
 * which hands them over in batches as texts.
 */
import Type from 'typebox'
import type { StagedRate } from '../../db/tariffs/staged-rates.ts'
import { InvalidRequest } from '../../errors.ts'
import type { Rounding } from '../../rating/tariff.ts'
import type { SchemaFault } from '../../shapes/describe-faults.ts'
import type { RateInput } from '../../tariffs/canonical-rate.ts'
import { readRates } from '../../tariffs/read-rates.ts'
import { inBodyThread } from '../conventions/large-bodies.ts'
import { parseJson } from '../conventions/parse-json.ts'
import { buildValidator, readFaults } from '../conventions/validation.ts'
import { RateGiven } from './rate-fields.ts'

export const RatesBody = Type.Array(RateGiven, { maxItems: 200_000 })

/** As much as any other body may have. */
const maxBytesHere = 64 * 1024
const maxCountHere = 20_000

/** In batches. Throws `InvalidRequest` with a pointer to each fault, `QuotaReached`. */
export async function readRatesSent(
  tenant: string,
  body: Buffer,
  rounding: Rounding,
): Promise<Iterable<StagedRate[]>> {
  if (body.length <= maxBytesHere) return [readRatesBody(body, rounding, maxCountHere)]
  const { lists } = await inBodyThread(tenant, { work: 'read-rates', body, rounding })
  return parsed(lists.flatMap(({ texts }) => texts))
}

function* parsed(texts: readonly string[]): Generator<StagedRate[], void> {
  for (const text of texts) yield JSON.parse(text)
}

export function readRatesBody(body: Buffer, rounding: Rounding, maxCount: number): StagedRate[] {
  const value = parseJson(body, { maxCount, halves: 'refused' })
  const check = checkShape()
  if (check(value)) return readRates(value as RateInput[], rounding)
  const faults = readFaults((check.errors ?? []) as SchemaFault[])
  throw new InvalidRequest('The body does not have the expected shape.', faults)
}

interface ShapeCheck {
  (value: unknown): boolean
  errors?: unknown[] | null
}
let compiled: ShapeCheck | undefined

/** By the same rules as every other body; compiled with the first. */
function checkShape(): ShapeCheck {
  const compile = buildValidator({}, { customOptions: {} })
  compiled ??= compile({ schema: RatesBody, method: 'PUT', url: '', httpPart: 'body' } as never) as ShapeCheck
  return compiled
}
