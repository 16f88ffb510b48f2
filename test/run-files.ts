/**
 * The process that bundled test files run in, one after the other: what many of them load is loaded once.
 *
 * `test-process.ts` starts it and sends the path of a bundle each time; a line ends the output of each.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { releaseServers } from './servers.ts'

const uvu = globalThis as unknown as { UVU_DEFER: boolean; UVU_QUEUE: unknown[][] }
// Its suites wait for `exec` instead of running on their own.
uvu.UVU_DEFER = true
uvu.UVU_QUEUE = []

process.on('message', async (path: string) => {
  try {
    // Each file has totals of its own.
    uvu.UVU_QUEUE.splice(0, uvu.UVU_QUEUE.length, [null])
    await import(pathToFileURL(resolve(path)).href)
    const { exec } = await import('uvu')
    await exec()
    await releaseServers()
    // A rejection that nobody awaits ends the process now, not in the next file.
    await new Promise(setImmediate)
    process.stdout.write('\n--- end of file ---\n')
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
})
