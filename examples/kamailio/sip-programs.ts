/**
 * Are kamailio and sipp installed here, and with which modules?
 *
 * Debian 12 has both (`kamailio`, `kamailio-utils-modules`, `kamailio-extra-modules`, `sip-tester`), but its
 * packages lack http_async_client: `build-http-async-client.sh` makes it. `KAMAILIO_MODULES` names a folder with
 * modules beside Debian's.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SipPrograms {
  kamailio: string
  sipp: string
  /** Folders of modules, as `-L` takes them. */
  modules: string
  hasHttpAsyncClient: boolean
}

/** Where the build script puts what it builds. */
export const builtModules = fileURLToPath(new URL('../../data/kamailio-modules', import.meta.url))
const neededModules = ['http_client.so', 'jansson.so', 'mqueue.so', 'dialog.so']

/** The programs, or a sentence on what is missing. */
export function findSipPrograms(environment: NodeJS.ProcessEnv): SipPrograms | string {
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  const kamailio = find('kamailio')
  const sipp = find('sipp')
  if (kamailio === undefined || sipp === undefined) {
    return `no ${kamailio === undefined ? 'kamailio' : 'sipp'} here: apt-get install kamailio kamailio-utils-modules kamailio-extra-modules sip-tester`
  }
  const own = [environment.KAMAILIO_MODULES ?? builtModules].filter((folder) => existsSync(folder))
  const system = listSystemFolders().filter((folder) => existsSync(folder))
  const all = [...own, ...system]
  const has = (module: string) => all.some((folder) => existsSync(join(folder, module)))
  const missing = neededModules.filter((module) => !has(module))
  if (missing.length > 0) {
    return `kamailio has no ${missing.join(', ')}: apt-get install kamailio-utils-modules kamailio-extra-modules`
  }
  return { kamailio, sipp, modules: all.join(':'), hasHttpAsyncClient: has('http_async_client.so') }
}

function listSystemFolders(): string[] {
  const triplets = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' } as Record<string, string>
  return [
    `/usr/lib/${triplets[process.arch] ?? process.arch}/kamailio/modules`,
    '/usr/lib64/kamailio/modules',
    '/usr/lib/kamailio/modules',
    '/usr/local/lib64/kamailio/modules',
  ]
}
