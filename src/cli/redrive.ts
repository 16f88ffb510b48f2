/**
 * `tollgate redrive`: sends dead letters again, those named or all of a reason. For when what stopped them (a missing
 * client, a clock, a bug) is put right.
 */
import type { Command } from 'commander'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { openCommandOutput, openService, withService } from './options.ts'
import { alignTable, type Terminal } from './terminal.ts'

interface Letter {
  id: string
  subject: string
  reason: string
  detail: string
  receivedAt: string
}

interface Options {
  all?: boolean
  reason?: string
}

export function addRedrive(program: Command, terminal: Terminal): void {
  withService(program.command('redrive'))
    .description('send dead letters again; without ids or a choice, list the open ones')
    .argument('[id...]', 'which ones')
    .option('--reason <reason>', 'those of this reason')
    .option('--all', 'every open one')
    .addHelpText('after', '\nExamples:\n  $ tollgate redrive\n  $ tollgate redrive --reason unknown_client')
    .action(async (ids: string[], options: Options, command: Command) => {
      const api = openService(command)
      const output = openCommandOutput(terminal, command)
      const { all, reason } = options
      const open = async () => {
        const letters: Letter[] = []
        for await (const letter of api.list<Letter>('/v1/dead-letters', { open: true, reason }))
          letters.push(letter)
        return letters
      }
      if (ids.length === 0 && !all && reason === undefined) {
        const letters = await open()
        const rows = letters.map(({ id, reason, subject, receivedAt, detail }) => [
          id,
          reason,
          subject,
          receivedAt,
          detail,
        ])
        return output.answer(
          { data: letters },
          alignTable([['ID', 'REASON', 'SUBJECT', 'RECEIVED', 'DETAIL'], ...rows]),
        )
      }
      const chosen = ids.length > 0 ? ids : (await open()).map(({ id }) => id)
      const failed: { id: string; detail: string }[] = []
      for (const id of chosen) {
        try {
          await api.send('POST', `/v1/dead-letters/${encodeURIComponent(id)}/redrive`)
        } catch (error) {
          if (!(error instanceof CommandFailed) || error.exitCode !== exitCodes.found) throw error
          failed.push({ id, detail: error.message })
        }
      }
      const redriven = chosen.length - failed.length
      output.answer({ redriven, failed }, [
        `${redriven} sent again.`,
        ...failed.map(({ id, detail }) => `${id}: ${detail}`),
      ])
      if (failed.length > 0) throw new CommandFailed('', exitCodes.found)
    })
}
