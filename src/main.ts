/**
 * `npm start`: reads the environment, starts the service, stops it on a signal.
 */
import { openLog } from './logging/open-log.ts'
import { type Config, loadConfig } from './process/config.ts'
import { answerArguments } from './process/start-arguments.ts'
import { startFailure } from './process/start-failure.ts'
import { stopOnSignals } from './process/stop-on-signals.ts'
import { watchFaults } from './process/watch-faults.ts'
import { startService } from './service.ts'

/** From a signal to the end, whatever is silent. */
const stopMs = 15_000
const closeMs = 14_000

let config: Config | undefined
let isStopping = false

async function main(): Promise<void> {
  const answer = answerArguments(process.argv.slice(2))
  if (answer) {
    const out = answer.exitCode === 0 ? process.stdout : process.stderr
    out.write(answer.text)
    process.exitCode = answer.exitCode
    return
  }
  config = loadConfig()
  const log = openLog(config.logLevel)
  const service = startService(config, log)
  const close = (timeoutMs: number) => {
    isStopping = true
    return service.close(timeoutMs)
  }
  watchFaults({ log, close })
  stopOnSignals({
    maxMs: stopMs,
    stop(signal) {
      log.info({ event: 'stopping', signal })
      return close(closeMs)
    },
    onFault: (error) => log.error({ event: 'stop_failed', error }, 'not stopped in order'),
  })
  const { firstKey, nats, failed } = await service.ready
  if (firstKey) process.stdout.write(`\nYour platform API key, shown this once: ${firstKey}\n\n`)
  if (nats?.users) {
    const shown = nats.areUsersNew ? `, for an engine ${nats.users.engine}` : ''
    process.stdout.write(`NATS: users, passwords and URLs stand in ${nats.usersFile}${shown}\n`)
  }
  const reason = await failed
  if (isStopping) return
  log.fatal({ event: 'embedded_server_exited', reason }, 'embedded server exited')
  await close(closeMs)
  process.exit(1)
}

main().catch((error) => {
  // Told to stop while it started: who has told it ends the process.
  if (isStopping) return
  process.stderr.write(`Tollgate cannot start.\n${startFailure(error, config)}\n`)
  process.exit(1)
})
