/**
 * The service, bundled in a folder of its own: processes of it start fast, and the referee can plant a bug in a copy of its
 * sources.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleTests } from '../bundle-tests.ts'
import { testFolder } from '../servers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** In the file, this text becomes that. */
export interface Edit {
  file: string
  from: string
  to: string
}

/** Answers the command that starts it. Throws where a text to be replaced is not there, once. */
export async function buildService(edits: readonly Edit[] = []): Promise<string[]> {
  const folder = mkdtempSync(join(testFolder(), 'service-'))
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
  for (const name of ['node_modules', 'drizzle', 'package.json'])
    symlinkSync(join(root, name), join(folder, name))
  for (const { file, from, to } of edits) {
    const path = join(folder, file)
    const parts = readFileSync(path, 'utf8').split(from)
    if (parts.length !== 2) throw new Error(`${file} has the text ${parts.length - 1} times: ${from}`)
    writeFileSync(path, parts.join(to))
  }
  // Threads of tests are looked for, too.
  mkdirSync(join(folder, 'test'))
  const bundles = await bundleTests(folder, ['src/main.ts'])
  return [process.execPath, join(folder, bundles.get('src/main.ts') ?? '')]
}
