/**
 * `npm run client:generate`: writes `schema.d.ts` from the API as it is in this working copy.
 */
import { writeFileSync } from 'node:fs'
import { openTestApi } from '../../test/api/test-api.ts'
import { generateTypes } from './generate.ts'

const api = await openTestApi()
writeFileSync(new URL('schema.d.ts', import.meta.url), generateTypes(api.app.swagger()))
await api.close()
