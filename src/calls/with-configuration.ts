/**
 * Runs a story until the configuration in memory is the database's and holds every table that it needs.
 *
 * A story finds out within its transaction, throws, and is run again as a whole: it must have changed nothing.
 */
import { RateTableNotLoaded } from '../rating/tariff.ts'
import type { Configuration } from '../tariffs/configuration.ts'

/** The database has a later version than memory: thrown by a story that has compared them under its locks. */
export class ConfigurationBehind extends Error {
  readonly version: number

  constructor(version: number) {
    super(`the configuration in memory is behind version ${version}`)
    this.name = 'ConfigurationBehind'
    this.version = version
  }
}

const mostAttempts = 20

export async function withConfiguration<Done>(
  configuration: Configuration,
  story: () => Promise<Done>,
): Promise<Done> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await story()
    } catch (error) {
      if (attempt >= mostAttempts) throw error
      if (error instanceof RateTableNotLoaded) {
        await configuration.loadRateTable(error.rateDeckId, error.version)
      } else if (error instanceof ConfigurationBehind) await configuration.reach(error.version)
      else throw error
    }
  }
}
