/**
 * nats-server out of the project's release archive, for machines without apt.
 *
 * The archive is checked against a sum kept here before anything of it is unpacked. Sums: those with which
 * the project builds its own container images (nats-io/nats-docker). Throws why it cannot be had.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

export interface ReleaseArchive {
  url: string
  /** SHA-256 in hexadecimal. */
  sha256: string
}

const version = 'v2.12.15'
const sums: Record<string, { file: string; sha256: string }> = {
  'linux-x64': {
    file: `nats-server-${version}-linux-amd64.tar.gz`,
    sha256: '58ab8131f819263897e2fc38e503e1b755b63bcafeecc7d12582487df48ca15e',
  },
  'linux-arm64': {
    file: `nats-server-${version}-linux-arm64.tar.gz`,
    sha256: 'b724db99fefbf8f5c808baa82819ee50350aee9734017e4a478f7e545cef3ab6',
  },
  'win32-x64': {
    file: `nats-server-${version}-windows-amd64.zip`,
    sha256: 'ed2f6d265abb6c6b151b077d1b6810d006f6e01453d864104de5ce4dc6ee6c27',
  },
}

export async function installFromRelease(target: string, archive = archiveForThisMachine()): Promise<void> {
  const response = await fetch(archive.url, { signal: AbortSignal.timeout(120_000) }).catch(
    (error: unknown) => {
      throw new Error(`${new URL(archive.url).host} does not answer`, { cause: error })
    },
  )
  if (!response.ok) throw new Error(`${archive.url} answers ${response.status}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  const sum = createHash('sha256').update(bytes).digest('hex')
  if (sum !== archive.sha256) throw new Error(`${archive.url} is not the file it should be (SHA-256 ${sum})`)

  const folder = mkdtempSync(join(tmpdir(), 'tollgate-nats-'))
  try {
    const file = join(folder, basename(archive.url))
    writeFileSync(file, bytes)
    // Windows' own tar reads zip archives too.
    await promisify(execFile)('tar', ['-xf', file, '-C', folder], { timeout: 60_000 })
    const program = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
      /(^|[\\/])nats-server(\.exe)?$/.test(name),
    )
    if (program === undefined) throw new Error(`${archive.url} holds no nats-server`)
    const draft = join(dirname(target), `nats-server.${process.pid}`)
    copyFileSync(join(folder, program), draft)
    chmodSync(draft, 0o755)
    renameSync(draft, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function archiveForThisMachine(): ReleaseArchive {
  const found = sums[`${process.platform}-${process.arch}`]
  if (!found) throw new Error(`none is known for ${process.platform}-${process.arch}`)
  return {
    url: `https://github.com/nats-io/nats-server/releases/download/${version}/${found.file}`,
    sha256: found.sha256,
  }
}
