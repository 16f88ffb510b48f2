/**
 * Runs a question to `tariffs` again until all rate tables it needs are in memory. For calls answered so long
 * ago, or plans used so seldom, that their versions are not kept.
 */
import { RateTableNotLoaded } from '../rating/tariff.ts'
import type { Configuration } from './configuration.ts'

/** More decks than any plan reaches within a call; beyond, loading one drops another. */
const maxLoads = 100

export async function withRateTables<Answer>(
  configuration: Pick<Configuration, 'loadRateTable'>,
  ask: () => Answer,
): Promise<Answer> {
  for (let loads = 0; ; loads++) {
    try {
      return ask()
    } catch (error) {
      if (!(error instanceof RateTableNotLoaded) || loads === maxLoads) throw error
      await configuration.loadRateTable(error.rateDeckId, error.version)
    }
  }
}
