/**
 * How does a command send a sheet? As the body, or in parts with its mapping where that is a file of the user's.
 */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { findByName, type Request, type ServiceApi } from './service-api.ts'

/** `id` of one that the service keeps, or `json`, the text of one. */
export type SheetMappingGiven = { id: string; json?: undefined } | { id?: undefined; json: string }

/** Throws `CommandFailed` where there is no such file. */
export async function openSheetFile(file: string): Promise<ReadableStream<Uint8Array>> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new CommandFailed(`There is no file ${file}.`, exitCodes.misused)
  return Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>
}

/** A file of this name, else what the service keeps under it. */
export async function findMapping(
  api: ServiceApi,
  { reference, brandId }: { reference: string; brandId?: string | undefined },
): Promise<SheetMappingGiven> {
  const found = await stat(reference).catch(() => undefined)
  if (found?.isFile()) return { json: await readFile(reference, 'utf8') }
  return {
    id: await findByName(api, { path: '/v1/import-mappings', noun: 'import mapping', reference, brandId }),
  }
}

export function sheetRequest({
  csv,
  mapping,
}: {
  csv: ReadableStream<Uint8Array> | string
  mapping?: SheetMappingGiven | undefined
}): Pick<Request, 'csv' | 'type'> {
  if (mapping?.json === undefined) return { csv, type: 'application/octet-stream' }
  const edge = `tollgate-${crypto.randomUUID()}`
  return {
    csv: Readable.toWeb(Readable.from(parts(mapping.json, csv, edge))) as ReadableStream<Uint8Array>,
    type: `multipart/form-data; boundary=${edge}`,
  }
}

async function* parts(
  json: string,
  sheet: ReadableStream<Uint8Array> | string,
  edge: string,
): AsyncGenerator<Uint8Array> {
  const text = (line: string) => Buffer.from(line)
  yield text(`--${edge}\r\ncontent-disposition: form-data; name="mapping"\r\n\r\n${json}\r\n`)
  yield text(`--${edge}\r\ncontent-disposition: form-data; name="file"; filename="sheet"\r\n`)
  yield text('content-type: application/octet-stream\r\n\r\n')
  if (typeof sheet === 'string') yield text(sheet)
  else for await (const chunk of sheet) yield chunk
  yield text(`\r\n--${edge}--\r\n`)
}
