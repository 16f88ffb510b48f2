/**
 * `tollgate import DECK FILE --ask`: questions in a terminal about what a sheet does not say, its first rows as they would
 * be read, and at the end a mapping that the service keeps.
 */
import { createInterface, type Interface } from 'node:readline/promises'
import type { MappedColumn, SheetMapping } from '../tariffs/sheet-mapping.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { type Inspected, inspectByService, inspectedLines, rowLines } from './inspect-sheet.ts'
import type { ServiceApi } from './service-api.ts'
import type { Terminal } from './terminal.ts'

interface Asked {
  rateDeckId: string
  file: string
  terminal: Terminal
}

/** Answers the name under which the mapping is kept. */
export async function askMapping(api: ServiceApi, asked: Asked): Promise<string> {
  const { input, error: output } = asked.terminal
  if (!input) throw new CommandFailed('Nobody can be asked here: use --inspect and --map.', exitCodes.misused)
  const lines = createInterface({ input, output })
  try {
    return await new Questions(api, lines, asked).ask()
  } finally {
    lines.close()
  }
}

class Questions {
  readonly #api: ServiceApi
  readonly #asked: Asked
  readonly #answers: AsyncIterator<string>

  constructor(api: ServiceApi, lines: Interface, asked: Asked) {
    this.#api = api
    this.#asked = asked
    // Its own queue: answers that come before their question, from a pipe, are not lost.
    this.#answers = lines[Symbol.asyncIterator]()
  }

  async ask(): Promise<string> {
    for (;;) {
      const mapping = await this.#describe()
      const found = await this.#inspect(mapping)
      this.#tell(rowLines(found.rows))
      this.#tell(found.doubts.map(({ detail }) => `doubt: ${detail}`))
      if (await this.#isYes('Are these rows right? (y/n)')) return this.#save(mapping)
    }
  }

  /** From nothing stated to a mapping that says it all. */
  async #describe(): Promise<SheetMapping> {
    let found = await this.#inspect({})
    this.#tell(inspectedLines(found).slice(0, -2))
    if (found.headerLine === null) {
      const line = await this.#question('In which line are the headings? (a number; none)')
      const headerLine = /^\d+$/.test(line) ? Number(line) : null
      const columns = await this.#askColumns(found, {})
      return this.#askRest(found, { ...found.mapping, headerLine, columns })
    }
    if (found.doubts.some(({ code }) => code === 'missing_column')) {
      const columns = await this.#askColumns(found, found.mapping.columns ?? {})
      found = await this.#inspect({ ...found.mapping, columns })
    }
    return this.#askRest(found, found.mapping)
  }

  async #askColumns(
    { columns: seen }: Inspected,
    known: Readonly<Record<string, MappedColumn>>,
  ): Promise<Record<string, MappedColumn>> {
    const columns: Record<string, MappedColumn> = { ...known }
    for (const [name, what] of [
      ['prefix', 'the code; several that are joined with +'],
      ['rate', 'the price'],
      ['destination', 'the name; empty for none'],
      ['increment', 'the increments in seconds; empty for none'],
      ['connectFee', 'the fee of a call; empty for none'],
      ['effectiveAt', 'the date from which it holds; empty for none'],
    ] as const) {
      if (columns[name] !== undefined) continue
      const isNeeded = name === 'prefix' || name === 'rate'
      const answer = await this.#question(
        `Which column is ${what}? (1 to ${seen.length}, or a heading)`,
        isNeeded,
      )
      if (answer === '') continue
      const references = answer.split('+').map((part) => {
        const text = part.trim()
        return /^\d+$/.test(text) ? Number(text) : text
      })
      columns[name] = references.length === 1 && references[0] !== undefined ? references[0] : references
    }
    return columns
  }

  async #askRest(found: Inspected, mapping: SheetMapping): Promise<SheetMapping> {
    const stated: SheetMapping = { ...mapping }
    const doubts = new Set(found.doubts.map(({ code }) => code))
    const unit = await this.#oneOf('Of what is it the price?', ['minute', 'second', 'call'])
    if (unit !== 'minute') stated.unit = unit
    if (doubts.has('ambiguous_number') || doubts.has('decimal_mark_assumed') || found.headerLine === null) {
      stated.decimalMark = await this.#oneOf('Which mark stands before decimals?', ['.', ','])
      const thousands = stated.decimalMark === ',' ? '.' : ','
      if (
        doubts.has('ambiguous_number') &&
        (await this.#isYes(`Is "${thousands}" the mark of thousands? (y/n)`))
      ) {
        stated.thousandsMark = thousands
      }
    }
    if (doubts.has('ambiguous_date')) {
      stated.dateFormat = await this.#question('How are dates written? (such as dd/MM/yyyy)', true)
    }
    if (await this.#isYes('Shall other columns be ignored? (y/n)')) stated.ignoreColumns = true
    return stated
  }

  async #save(mapping: SheetMapping): Promise<string> {
    const { brandId } = await this.#api.json<{ brandId: string }>(
      'GET',
      `/v1/rate-decks/${this.#asked.rateDeckId}`,
    )
    for (;;) {
      const name = await this.#question('Under which name shall it be kept?', true)
      try {
        await this.#api.json('POST', '/v1/import-mappings', { body: { brandId, name, mapping } })
        return name
      } catch (error) {
        // A name that is taken is asked again; whatever else is wrong ends the questions.
        if (!(error instanceof CommandFailed) || !error.message.includes('(409 ')) throw error
        this.#tell([error.message])
      }
    }
  }

  #inspect(mapping: SheetMapping): Promise<Inspected> {
    const { rateDeckId, file } = this.#asked
    return inspectByService(this.#api, { rateDeckId, file, mapping: { json: JSON.stringify(mapping) } })
  }

  async #question(text: string, isNeeded = false): Promise<string> {
    for (;;) {
      this.#tell([text])
      const { value, done } = await this.#answers.next()
      if (done)
        throw new CommandFailed(
          'The questions were not answered to the end: nothing was kept.',
          exitCodes.found,
        )
      const answer = value.trim()
      if (answer !== '' || !isNeeded) return answer
    }
  }

  async #oneOf<const Choice extends string>(
    text: string,
    choices: readonly [Choice, ...Choice[]],
  ): Promise<Choice> {
    for (;;) {
      const answer = await this.#question(`${text} (${choices.join(', ')}; empty: ${choices[0]})`)
      const found = answer === '' ? choices[0] : choices.find((choice) => choice === answer)
      if (found !== undefined) return found
    }
  }

  async #isYes(text: string): Promise<boolean> {
    return /^y(es)?$/i.test(await this.#question(text))
  }

  #tell(lines: readonly string[]): void {
    for (const line of lines) this.#asked.terminal.error.write(`${line}\n`)
  }
}
