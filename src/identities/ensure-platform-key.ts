/**
 * How does the first administrator get in? At the first start a platform key is made and handed back once, to be
 * printed; afterwards there is one and nothing happens.
 */

import type { Db } from '../db/connection.ts'
import { hasPlatformKey, insertApiKey } from '../db/identities/api-keys.ts'
import { asTenant, platformTenant } from '../db/tenant.ts'
import { newId } from '../uuid.ts'
import { makeApiKey } from './api-key.ts'

/** The new plain key, or undefined where a platform key exists. `db` is the API's pool. */
export async function ensurePlatformKey(db: Db): Promise<string | undefined> {
  if (await hasPlatformKey(db)) return undefined
  const { key, prefix, digest } = makeApiKey()
  await asTenant(db, platformTenant, (tx) =>
    insertApiKey(tx, { id: newId(), name: 'first key', role: 'platform', prefix, digest }),
  )
  return key
}
