/**
 * The PostgreSQL that tests run on, and the migrated template that each test file's database is a copy of.
 *
 * TEST_DATABASE_URL names a running one (a role that may create databases and roles). Without it one is
 * started on a folder kept between runs, which saves its making and the migrations; where another run uses
 * that folder, on a fresh one that is removed afterwards. It does not sync to disk: nothing here must last.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { migrate } from '../src/db/migrate.ts'
import { startPostgres } from '../src/embedded/postgres.ts'
import { ServerStartFailed } from '../src/embedded/server-start-failed.ts'

export interface TestCluster {
  /** URL of a database one can be in while others are made. */
  url: string
  close(): Promise<void>
}

const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }

export async function openTestCluster(): Promise<TestCluster> {
  const url = process.env.TEST_DATABASE_URL
  if (url) return { url, close: async () => {} }
  const kept = join(tmpdir(), `tollgate-test-${userInfo().uid}`)
  try {
    const server = await startPostgres({ dataDir: kept, settings })
    await dropDatabases(server.url, 'tollgate_test_%')
    return { url: server.url, close: () => server.stop() }
  } catch (error) {
    if (!(error instanceof ServerStartFailed)) throw error
    const fresh = mkdtempSync(join(tmpdir(), 'tollgate-test-'))
    const server = await startPostgres({ dataDir: fresh, settings })
    const close = async () => {
      await server.stop()
      rmSync(fresh, { recursive: true, force: true })
    }
    return { url: server.url, close }
  }
}

/** Name of the template database; it is made when the migrations have changed since the last one. */
export async function makeTemplate(clusterUrl: string): Promise<string> {
  const name = `tollgate_template_${hashOfMigrations()}`
  await asAdministrator(clusterUrl, async (sql) => {
    // Held until this connection ends: of two that start together one makes the template.
    await sql`select pg_advisory_lock(hashtext('tollgate template'))`
    const [found] = await sql`select 1 from pg_database where datname = ${name}`
    if (found) return
    const draft = `${name}_draft`
    await sql`drop database if exists ${sql(draft)} with (force)`
    await sql`create database ${sql(draft)}`
    await migrate(databaseUrl(clusterUrl, draft))
    await sql`alter database ${sql(draft)} rename to ${sql(name)}`
  })
  return name
}

export async function copyTemplate(
  clusterUrl: string,
  { template, name }: { template: string; name: string },
) {
  await asAdministrator(clusterUrl, (sql) => sql`create database ${sql(name)} template ${sql(template)}`)
  return databaseUrl(clusterUrl, name)
}

/** `pattern` as in SQL's `like`. */
export async function dropDatabases(clusterUrl: string, pattern: string): Promise<void> {
  await asAdministrator(clusterUrl, async (sql) => {
    const found = await sql<
      { datname: string }[]
    >`select datname from pg_database where datname like ${pattern}`
    for (const { datname } of found) await sql`drop database if exists ${sql(datname)} with (force)`
  })
}

async function asAdministrator(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

function databaseUrl(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  return url.href
}

function hashOfMigrations(): string {
  const hash = createHash('sha256')
  const folder = new URL('../drizzle/', import.meta.url)
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(new URL(file, folder)))
  }
  return hash.digest('hex').slice(0, 16)
}
