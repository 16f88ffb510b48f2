/**
 * How does a file run in a thread of its own?
 *
 * tsx 4.23 does not reach into threads of Node 20 by itself, so under tsx the thread registers it first; the
 * compiled form needs nothing. May go when `new Worker('x.ts')` runs under `node --import tsx`.
 */
import { type ResourceLimits, Worker } from 'node:worker_threads'

/** Short-lived rows die young: a small nursery keeps a thread that streams a million of them small. */
const smallNursery: ResourceLimits = { maxYoungGenerationSizeMb: 16 }

/** `file`: `new URL('./x.ts', import.meta.url)`; compiled, its `.js` is run, and a `.mjs` as it is. */
export function startThread(
  file: URL,
  { workerData, limits = {} }: { workerData?: unknown; limits?: ResourceLimits } = {},
): Worker {
  const options = { workerData, resourceLimits: { ...smallNursery, ...limits } }
  const runnable = import.meta.url.endsWith('.ts') ? file : new URL(file.href.replace(/\.ts$/, '.js'))
  if (!runnable.href.endsWith('.ts')) return new Worker(runnable, options)
  const code = `import { register } from 'tsx/esm/api'; register(); await import(${JSON.stringify(file.href)})`
  return new Worker(code, { ...options, eval: true, execArgv: ['--input-type=module'] })
}
