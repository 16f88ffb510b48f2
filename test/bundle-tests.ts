/**
 * Bundles test files before they run, so that a process loads a few files instead of 1,600.
 *
 * tsx reads each module through a loader of its own thread, several milliseconds of processor time each; a test of the API spent
 * more time on that than on its tests. Our sources, and packages of many small modules, go into shared chunks; all other
 * packages are loaded from `node_modules` as ever. Modules keep the address they have: `import.meta.url` is written out.
 */
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** Of hundreds of ES modules each, and without anything that depends on their place. */
const bundledPackages = new Set([
  'drizzle-orm',
  'hucre',
  'hyparquet',
  'hyparquet-writer',
  'jose',
  'stdnum',
  'typebox',
])

/** `files`: paths from the root, as `test/a.test.ts`. Answers where the bundle of each stands, below the root. */
export async function bundleTests(root: string, files: readonly string[]): Promise<Map<string, string>> {
  const folder = '.test-build'
  rmSync(join(root, folder), { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outbase: '.',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [keepPackages, keepAddresses],
    logLevel: 'error',
  })
  return new Map(files.map((file) => [file, join(folder, file.replace(/\.ts$/, '.mjs'))]))
}

const keepPackages: Plugin = {
  name: 'keep packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ kind, path }) => {
      const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(path) ?? []
      return kind === 'entry-point' || bundledPackages.has(name) ? undefined : { external: true }
    })
  },
}

const keepAddresses: Plugin = {
  name: 'keep addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.')) return undefined
      const contents = text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
      return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' }
    })
  },
}
