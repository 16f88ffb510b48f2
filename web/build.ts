/**
 * Builds the pages into `dist/pages`, with each file packed beside it. `--if-changed`: only where the sources are others
 * than those of the pages that stand there, as `npm start` and `npm run demo` ask.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
export const pagesFolder = join(root, 'dist/pages')
const markerName = 'sources.sha256'

export async function buildPages({ always }: { always: boolean }): Promise<'built' | 'kept'> {
  const digest = digestOfSources()
  if (!always && isBuiltOf(digest)) return 'kept'
  // Loaded where it is needed: looking whether anything changed takes no bundler.
  const { build } = await import('vite')
  mkdirSync(join(root, 'dist'), { recursive: true })
  const made = mkdtempSync(`${pagesFolder}-`)
  try {
    chmodSync(made, 0o755)
    const outDir = join(made, 'new')
    await build({ configFile: join(root, 'web/vite.config.ts'), build: { outDir } })
    packFiles(join(outDir, 'assets'))
    writeFileSync(join(outDir, markerName), digest)
    putInPlace(outDir, { old: join(made, 'old'), digest })
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  return 'built'
}

/** As a whole: of two that build at once, neither reads half of what the other writes. */
function putInPlace(folder: string, { old, digest }: { old: string; digest: string }): void {
  try {
    if (existsSync(pagesFolder)) renameSync(pagesFolder, old)
    renameSync(folder, pagesFolder)
  } catch (error) {
    // Another has put the same there in between.
    if (!isBuiltOf(digest)) throw error
  }
}

function isBuiltOf(digest: string): boolean {
  const marker = join(pagesFolder, markerName)
  return existsSync(marker) && readFileSync(marker, 'utf8') === digest
}

/** Of whatever ends up in a page, and of what bundles it. */
function digestOfSources(): string {
  const hash = createHash('sha256')
  const sources = [
    ...readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
    join(root, 'clients/typescript/client.ts'),
    join(root, 'package-lock.json'),
  ].sort()
  for (const path of sources)
    hash
      .update(`${path.slice(root.length)}\n`)
      .update(readFileSync(path))
      .update('\n')
  return hash.digest('hex')
}

/** Packed once, so that no request packs. */
function packFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const path = join(folder, name)
    const text = readFileSync(path)
    writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(text, {
        params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
      }),
    )
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now()
  const outcome = await buildPages({ always: !process.argv.includes('--if-changed') })
  if (outcome === 'built') {
    process.stdout.write(`Pages built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.\n`)
  }
}
