/**
 * Bundles test files before they run, so that a process loads a few files instead of 1,600.
 *
 * tsx reads each module through a loader of its own thread, several milliseconds of processor time each; a test of the API spent
 * more time on that than on its tests. Our sources, and packages of many small modules, go into shared chunks; all other
 * packages are loaded from `node_modules` as ever. Modules keep the address they have: `import.meta.url` is written out; only
 * threads (`*-thread.ts`) are started from bundles of their own.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
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

/** Of this run alone: the runner's own tests start others meanwhile. */
const folder = `.test-build/${process.pid}`

/** `files`: paths from the root, as `test/a.test.ts`. Answers where the bundle of each stands, below the root. */
export async function bundleTests(root: string, files: readonly string[]): Promise<Map<string, string>> {
  await build({
    absWorkingDir: root,
    entryPoints: [...files, ...findThreads(root)],
    outbase: '.',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [keepPackages, keepAddresses(root)],
    logLevel: 'error',
  })
  return new Map(files.map((file) => [file, bundlePath(file)]))
}

export function removeBundles(root: string): void {
  rmSync(join(root, folder), { recursive: true, force: true })
}

const bundlePath = (file: string) => join(folder, file.replace(/\.ts$/, '.mjs'))

function findThreads(root: string): string[] {
  return ['src', 'test'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('-thread.ts'))
      .map((name) => join(top, name)),
  )
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

const keepAddresses = (root: string): Plugin => ({
  name: 'keep addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.')) return undefined
      const bundledThread = (_: string, thread: string) => {
        const bundle = join(root, bundlePath(relative(root, join(dirname(path), thread))))
        return `new URL(${JSON.stringify(pathToFileURL(bundle).href)})`
      }
      const contents = text
        .replace(/new URL\('([./\w-]+-thread\.ts)', import\.meta\.url\)/g, bundledThread)
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
      return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' }
    })
  },
})
