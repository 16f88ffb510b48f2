/**
 * How does a file of this folder run in a thread of its own?
 *
 * tsx 4.23 does not reach into threads of Node 20 by itself, so under tsx the thread registers it first; the
 * compiled form needs nothing. May go when `new Worker('x.ts')` runs under `node --import tsx`.
 */
import { Worker } from 'node:worker_threads'

/** Short-lived rows die young: a small nursery keeps a thread that streams a million of them small. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 }

/** Starts `./<name>` beside this file. */
export function startThread(name: string, workerData: unknown): Worker {
  const options = { workerData, resourceLimits }
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, import.meta.url), options)
  const file = new URL(`./${name}.ts`, import.meta.url).href
  const code = `import { register } from 'tsx/esm/api'; register(); await import(${JSON.stringify(file)})`
  return new Worker(code, { ...options, eval: true, execArgv: ['--input-type=module'] })
}
