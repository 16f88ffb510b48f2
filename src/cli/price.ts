/**
 * `tollgate price`: what would a call cost, and why? Asked of the service, so by the tariffs that charge.
 */
import { type Command, InvalidArgumentError } from 'commander'
import type { PriceSimulation } from '../tariffs/simulate-price.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { explainLines } from './explain.ts'
import { openCommandOutput, openService, withService } from './options.ts'
import { findByName } from './service-api.ts'
import type { Terminal } from './terminal.ts'

interface Options {
  client?: string
  plan?: string
  at?: string
  from?: string
  brand?: string
}

export function addPrice(program: Command, terminal: Terminal): void {
  withService(program.command('price'))
    .description('say what a call would cost, stretch by stretch')
    .argument('<number>', 'as dialled')
    .argument('<seconds>', 'from answer to end', readSeconds)
    .option('--client <client>', 'who calls: id, name or SIP domain')
    .option('--plan <plan>', 'or the rating plan alone: id or name')
    .option('--brand <id>', 'where a name stands for several')
    .option('--from <number>', 'who calls; matters where a plan asks for it')
    .option('--at <instant>', 'when it is answered (RFC 3339); now')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tollgate price +34600111222 61 --client acme.example.com\n  $ tollgate price 0044207 600 --plan Retail --at 2026-12-24T18:00:00Z',
    )
    .action(async (number: string, seconds: number, options: Options, command: Command) => {
      const { client, plan, at, from, brand: brandId } = options
      if ((client === undefined) === (plan === undefined)) {
        throw new CommandFailed('Give --client or --plan, one of the two.', exitCodes.misused)
      }
      const api = openService(command)
      const subject =
        client !== undefined
          ? {
              clientId: await findByName(api, {
                path: '/v1/clients',
                noun: 'client',
                reference: client,
                brandId,
              }),
            }
          : {
              ratingPlanId: await findByName(api, {
                path: '/v1/rating-plans',
                noun: 'rating plan',
                reference: plan ?? '',
                brandId,
              }),
            }
      const answer: PriceSimulation = await api.json('POST', '/v1/price-simulations', {
        body: {
          ...subject,
          to: number,
          durationSeconds: seconds,
          ...(from && { from }),
          ...(at && { answeredAt: at }),
        },
      })
      const head = answer.priced
        ? `${answer.price} ${answer.currency} for ${answer.billedSeconds} s to ${answer.toNormalized} (${answer.destination})`
        : `No price: ${answer.reason}`
      openCommandOutput(terminal, command).answer(answer, [
        head,
        ...explainLines(answer.explanation).map((line) => `  ${line}`),
      ])
      if (!answer.priced) throw new CommandFailed('', exitCodes.found)
    })
}

function readSeconds(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write whole seconds.')
}
