/**
 * Are kamailio and sipp here, and with which modules?
 *
 * On the system, as Debian 12 has them (`kamailio`, `kamailio-utils-modules`, `kamailio-extra-modules`,
 * `sip-tester`), or where `install.sh` has unpacked them. No package of Debian 12 holds http_async_client:
 * `install.sh` builds it, and `KAMAILIO_MODULES` may name a folder that has it.
 */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SipPrograms {
  kamailio: string
  sipp: string
  /** Folders of modules with colons between, as `-L` takes them. */
  modules: string
  hasHttpAsyncClient: boolean
  /** To start both with: unpacked programs find their libraries by it. */
  environment: NodeJS.ProcessEnv
}

const unpacked = fileURLToPath(new URL('../../data/sip/usr', import.meta.url))
const neededModules = ['http_client.so', 'jansson.so', 'mqueue.so', 'dialog.so']
const remedy = 'run examples/kamailio/install.sh'

/** The programs, or a sentence on what is missing. */
export function findSipPrograms(
  environment: NodeJS.ProcessEnv,
  prefixes = ['/usr', '/usr/local', unpacked],
): SipPrograms | string {
  const programFolders = [
    ...(environment.PATH ?? '').split(delimiter),
    ...prefixes.flatMap((prefix) => [join(prefix, 'sbin'), join(prefix, 'bin')]),
  ]
  const find = (name: string) =>
    programFolders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  const kamailio = find('kamailio')
  const sipp = find('sipp')
  if (kamailio === undefined) return `no kamailio here: ${remedy}`
  if (sipp === undefined) return `no sipp here: ${remedy}`

  const own = environment.KAMAILIO_MODULES
  const libraries = prefixes.flatMap(listLibraryFolders)
  const folders = [
    ...(own ? [own] : []),
    ...libraries.map((folder) => join(folder, 'kamailio/modules')),
  ].filter((folder) => existsSync(folder))
  const has = (module: string) => folders.some((folder) => existsSync(join(folder, module)))
  const missing = neededModules.filter((module) => !has(module))
  if (missing.length > 0) return `kamailio has no ${missing.join(', ')}: ${remedy}`
  // Kamailio's own libraries stand in a folder that its programs know by an absolute path.
  const unpackedLibraries = listLibraryFolders(unpacked).flatMap((folder) => [
    folder,
    join(folder, 'kamailio'),
  ])
  return {
    kamailio,
    sipp,
    modules: folders.join(':'),
    hasHttpAsyncClient: has('http_async_client.so'),
    environment:
      unpackedLibraries.length === 0
        ? environment
        : {
            ...environment,
            LD_LIBRARY_PATH: [...unpackedLibraries, environment.LD_LIBRARY_PATH ?? ''].join(':'),
          },
  }
}

/** `lib`, `lib64` and, as Debian names them, `lib/x86_64-linux-gnu`. */
function listLibraryFolders(prefix: string): string[] {
  const plain = ['lib', 'lib64'].map((name) => join(prefix, name)).filter((folder) => existsSync(folder))
  const byMachine = plain.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(folder, name)),
  )
  return [...byMachine, ...plain]
}
