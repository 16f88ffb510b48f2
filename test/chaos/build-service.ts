/**
 * The service as it is deployed, compiled to a folder of its own: processes of it start fast, and the referee can plant a bug
 * in a copy of its sources.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { testFolder } from '../servers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** In the file, this text becomes that. */
export interface Edit {
  file: string
  from: string
  to: string
}

/** Answers the command that starts it. Throws where a text to be replaced is not there, once. */
export function buildService(edits: readonly Edit[] = []): string[] {
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
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  const { outputFiles } = buildSync({
    entryPoints: sources.filter((name) => name.endsWith('.ts')).map((name) => join(folder, 'src', name)),
    outbase: join(folder, 'src'),
    outdir: join(folder, 'dist'),
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
  })
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    // As the compiler writes them: what is imported is compiled, too.
    writeFileSync(path, text.replaceAll(/((?:from|import)\s*\(?\s*"\.[^"]*)\.ts"/g, '$1.js"'))
  }
  return [process.execPath, join(folder, 'dist/main.js')]
}
