/**
 * `npm start`: reads the environment, starts the service, stops it on a signal.
 */
import closeWithGrace from 'close-with-grace'
import { type Config, describeConfig, loadConfig } from './config.ts'
import { openLog } from './open-log.ts'
import { startService } from './service.ts'
import { startFailure } from './start-failure.ts'

const help = `Tollgate: authorizes, rates and bills telephone calls.

Usage: npm start

Everything is set by environment variables, all of them optional:

${describeConfig()}
`

let config: Config | undefined

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(help)
    return
  }
  config = loadConfig()
  const log = openLog(config.logLevel)
  const service = startService(config, log)
  let isStopping = false
  closeWithGrace(
    { delay: 15_000, logger: { error: (error) => log.error({ event: 'crashed', error }) } },
    async ({ signal }) => {
      isStopping = true
      log.info({ event: 'stopping', signal }, 'stopping')
      await service.close()
    },
  )
  const { firstKey, nats, failed } = await service.ready
  if (firstKey) process.stdout.write(`\nYour platform API key, shown this once: ${firstKey}\n\n`)
  if (nats?.users) {
    const shown = nats.areUsersNew ? `, for an engine ${nats.users.engine}` : ''
    process.stdout.write(`NATS: users, passwords and URLs stand in ${nats.usersFile}${shown}\n`)
  }
  const reason = await failed
  if (isStopping) return
  log.fatal({ event: 'server_ended', reason }, 'a server of ours has ended')
  await service.close()
  process.exitCode = 1
}

main().catch((error) => {
  process.stderr.write(`Tollgate cannot start.\n${startFailure(error, config)}\n`)
  process.exit(1)
})
