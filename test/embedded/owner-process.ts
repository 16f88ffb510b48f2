/**
 * Not a test: a process that owns an embedded server, to be killed, interrupted or refused by the tests.
 * `node --import tsx owner-process.ts postgres|nats-server DATA_DIR` prints `{ url, pid }` when it is ready, or
 * `{ refused }` with the sentence; SIGINT lets it stop its server in order and print how that ended.
 */
import { startNatsServer } from '../../src/embedded/nats-server.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'

const [kind, dataDir = ''] = process.argv.slice(2)
try {
  const server =
    kind === 'postgres'
      ? await startPostgres({ dataDir })
      : await startNatsServer({ dataDir, bin: process.env.NATS_SERVER_BIN ?? null })
  const staying = setInterval(() => {}, 60_000)
  process.once('SIGINT', async () => {
    await server.stop()
    console.log(await server.ended)
    clearInterval(staying)
  })
  console.log(JSON.stringify({ url: server.url, pid: server.pid }))
} catch (error) {
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : String(error) }))
}
