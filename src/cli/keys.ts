/**
 * `tollgate keys`: makes, lists and revokes API keys on the database itself: the way back in when every key is lost.
 *
 * The plain key is printed once and kept nowhere. A running service follows a revocation within seconds.
 */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { readInstant } from '../calls/read-instant.ts'
import { findBrand } from '../db/clients/brands.ts'
import { findClient } from '../db/clients/clients.ts'
import { instantText } from '../db/columns.ts'
import type { Tx } from '../db/connection.ts'
import { type ApiKeyRow, insertApiKey, listApiKeys, revokeApiKey } from '../db/identities/api-keys.ts'
import { asTenant, platformTenant } from '../db/tenant.ts'
import { makeApiKey } from '../identities/api-key.ts'
import { type Role, roles } from '../identities/identity.ts'
import { newId } from '../uuid.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { databaseOption, openCommandOutput } from './options.ts'
import { alignTable, type Terminal } from './terminal.ts'
import { type DatabaseOption, withDatabase } from './with-database.ts'

interface NewKey extends DatabaseOption {
  role: Role
  brand?: string
  client?: string
  scope?: string[]
  expires?: number
}

export function addKeys(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('API keys, on the database itself')
  keys
    .command('create <name>')
    .description('make a key and print it, this once')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--brand <id>', 'the brand it is for', readUuid)
    .option('--client <id>', 'the client it is for, with the role client', readUuid)
    .addOption(
      new Option(
        '--scope <scope>',
        'resource:read or resource:write; may be repeated, all when left out',
      ).argParser(collect),
    )
    .option('--expires <instant>', 'RFC 3339', readExpiry)
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  $ tollgate keys create pbx-madrid --role engine --brand 0198…')
    .action(async (name: string, options: NewKey, command: Command) => {
      const { key, prefix, digest } = makeApiKey()
      const row = await onKeys(options, async (tx) => {
        const owner = await findOwner(tx, options)
        const { role, scope = null, expires = null } = options
        return insertApiKey(tx, {
          id: newId(),
          name,
          role,
          ...owner,
          scopes: scope,
          expiresAt: expires,
          prefix,
          digest,
        })
      })
      openCommandOutput(terminal, command).answer({ ...shown(row), key }, [key])
      openCommandOutput(terminal, command).note(`The key "${name}" is shown this once.`)
    })

  keys
    .command('list')
    .description('keys, newest first; the plain key is nowhere')
    .option('--all', 'revoked and expired ones, too')
    .addOption(databaseOption())
    .action(async (options: DatabaseOption & { all?: boolean }, command: Command) => {
      const rows = await onKeys(options, listAll)
      const isGood = ({ revokedAt, expiresAt }: ApiKeyRow) =>
        revokedAt === null && (expiresAt === null || expiresAt > Date.now())
      const listed = rows.filter((row) => options.all || isGood(row)).map(shown)
      const heading = ['ID', 'BEGINS', 'ROLE', 'NAME', 'LAST USED', 'ENDS']
      const table = listed.map((key) => [
        key.id,
        key.prefix,
        key.role,
        key.name,
        key.lastUsedAt ?? 'never',
        key.revokedAt ? `revoked ${key.revokedAt}` : (key.expiresAt ?? ''),
      ])
      openCommandOutput(terminal, command).answer({ data: listed }, alignTable([heading, ...table]))
    })

  keys
    .command('revoke')
    .addArgument(new Argument('<id>', 'id or first characters, as listed'))
    .description('end a key; its name stays in what it did')
    .addOption(databaseOption())
    .action(async (reference: string, options: DatabaseOption, command: Command) => {
      const row = await onKeys(options, async (tx) => {
        const found = (await listAll(tx)).filter(({ id, prefix }) => id === reference || prefix === reference)
        const [key] = found
        if (!key || found.length > 1) {
          throw new CommandFailed(`${found.length || 'No'} keys are called "${reference}".`, exitCodes.found)
        }
        return (await revokeApiKey(tx, key.id, Date.now())) ?? key
      })
      openCommandOutput(terminal, command).answer(shown(row), [`Revoked: ${row.name} (${row.prefix}…).`])
    })
}

function onKeys<Result>(option: DatabaseOption, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return withDatabase({ ...option, role: 'tollgate_api' }, (db) => asTenant(db, platformTenant, work))
}

async function listAll(tx: Tx): Promise<ApiKeyRow[]> {
  const all: ApiKeyRow[] = []
  for (;;) {
    const page = await listApiKeys(tx, { limit: 500, after: all.at(-1)?.id ?? null })
    all.push(...page)
    if (page.length < 500) return all
  }
}

/** The rules are those of `POST /v1/api-keys`. */
async function findOwner(tx: Tx, { role, brand, client }: NewKey) {
  const refuse = (why: string) => new CommandFailed(why, exitCodes.misused)
  if ((role === 'client') !== (client !== undefined))
    throw refuse('--client goes with the role client, and with it alone.')
  if (role === 'platform' && brand !== undefined) throw refuse('A platform key has no brand.')
  const payer = client === undefined ? undefined : await findClient(tx, client, 'none')
  if (client !== undefined && !payer) throw refuse(`There is no client ${client}.`)
  const brandId = brand ?? payer?.brandId ?? null
  if (brandId === null && role !== 'platform' && role !== 'engine')
    throw refuse(`The role ${role} needs a --brand.`)
  if (payer && payer.brandId !== brandId) throw refuse('The client belongs to another brand.')
  if (brandId !== null && !(await findBrand(tx, brandId, 'none')))
    throw refuse(`There is no brand ${brandId}.`)
  return { brandId, clientId: client ?? null }
}

function shown(row: ApiKeyRow) {
  const text = (at: number | null) => (at === null ? null : instantText(at))
  const { id, name, role, brandId, clientId, scopes, prefix, expiresAt, revokedAt, lastUsedAt, createdAt } =
    row
  return {
    ...{ id, name, role, brandId, clientId, scopes, prefix },
    expiresAt: text(expiresAt),
    revokedAt: text(revokedAt),
    lastUsedAt: text(lastUsedAt),
    createdAt: instantText(createdAt),
  }
}

function collect(scope: string, before: string[] = []): string[] {
  if (/^[a-z-]{1,40}:(read|write)$/.test(scope)) return [...before, scope]
  throw new InvalidArgumentError('Write a scope as clients:read or clients:write.')
}

function readUuid(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('Give an id.')
}

function readExpiry(text: string): number {
  const at = readInstant(text)
  if (at !== undefined) return at
  throw new InvalidArgumentError('Write an instant as 2027-01-01T00:00:00Z.')
}
