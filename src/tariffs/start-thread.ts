/**
 * How does a file of this folder run in a thread of its own?
 *
 * tsx 4.23 does not reach into threads of Node 20 by itself, so under tsx the thread registers it first; the
 * compiled form needs nothing. May go when `new Worker('x.ts')` runs under `node --import tsx`.
 */
import { Worker } from 'node:worker_threads'

/** Starts `./<name>` beside this file; the thread does not keep the process alive by itself when unreferenced. */
export function startThread(name: string, workerData: unknown): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL(`./${name}.js`, import.meta.url), { workerData })
  const file = new URL(`./${name}.ts`, import.meta.url).href
  const code = `import { register } from 'tsx/esm/api'; register(); await import(${JSON.stringify(file)})`
  return new Worker(code, { eval: true, execArgv: ['--input-type=module'], workerData })
}
