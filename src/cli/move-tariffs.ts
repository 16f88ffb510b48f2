/**
 * Sends another system's tariffs to the service, which makes all of them in one step or, where something is wrong, nothing.
 */
import { type ImportedTariffs, unsupportedRow } from '../tariff-migration/imported-tariffs.ts'
import { writeTariffLines } from '../tariff-migration/write-tariff-lines.ts'
import type { TariffImportOutcome } from '../tariffs/tariff-import.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import type { ServiceApi } from './service-api.ts'

export interface MoveOptions {
  source: string
  brandId: string | undefined
  dryRun: boolean
  replace: readonly string[]
}

/**
 * What the service names of profiles and decks is added to `moved.unequal`. Throws `CommandFailed` where it refuses the
 * request itself.
 */
export async function moveTariffs(
  api: ServiceApi,
  moved: ImportedTariffs,
  { source, brandId, dryRun, replace }: MoveOptions,
): Promise<TariffImportOutcome> {
  const rows = new Map<number, ImportedTariffs['profiles'][number]['row']>()
  const lines = writeTariffLines(moved, (line, { row }) => rows.set(line, row))
  const outcome = await api
    .json<TariffImportOutcome>('POST', '/v1/tariff-imports', {
      query: { source, brandId, dryRun, replace },
      lines: ReadableStream.from(encoded(lines)),
    })
    .catch((error: unknown) => {
      // The service's word for it names a field of the body.
      if (brandId !== undefined || !(error instanceof CommandFailed) || !error.message.includes('/brandId'))
        throw error
      throw new CommandFailed(
        'A platform key sees several brands: say whose tariffs these are by --brand.',
        exitCodes.misused,
        { cause: error },
      )
    })
  for (const { line, detail } of outcome.warnings) {
    const row = rows.get(line)
    moved.unequal.push(row ? unsupportedRow(row, detail) : { file: null, line: null, why: detail, text: '' })
  }
  return outcome
}

function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const piece of pieces) yield encoder.encode(piece)
}
