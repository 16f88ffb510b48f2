/**
 * A rate sheet as it is sent: the body itself, or the part `file` of a multipart body, with its mapping in a part
 * `mapping` before or behind it, or a kept one by its id.
 */
import { Readable, Transform } from 'node:stream'
import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { InvalidRequest, NotFound, TollgateError } from '../../errors.ts'
import type { SheetMapping } from '../../tariffs/sheet-mapping.ts'
import type { ApiContext } from '../context.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { AnyFile } from '../conventions/streamed-bodies.ts'
import { mappingRows, readMapping } from './import-mappings.ts'
import { Mapping, parseMapping } from './mapping-fields.ts'

export const sheetTypes = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
] as const
export const sheetBodies = {
  'multipart/form-data': Type.Object({ file: AnyFile, mapping: Type.Optional(Mapping) }),
  ...Object.fromEntries(sheetTypes.map((type) => [type, AnyFile])),
}
export const maxSheetBytes = 1024 ** 3
const maxMappingBytes = 64 * 1024

export interface SentSheet {
  file: Readable
  /** Asked once the file is read to its end. */
  mapping(): Promise<SheetMapping>
}

/** Throws what refuses the body; `mapping` may throw later. */
export async function readSheetBody(
  context: ApiContext,
  request: FastifyRequest,
  { mappingId, brandId }: { mappingId: string | undefined; brandId: string },
): Promise<SentSheet> {
  const kept = mappingId === undefined ? undefined : await findKept(context, request, { mappingId, brandId })
  if (request.isMultipart()) return readParts(request, kept)
  if (!(request.body instanceof Readable)) throw notASheet()
  return { file: limited(request.body), mapping: async () => kept ?? {} }
}

async function findKept(
  context: ApiContext,
  request: FastifyRequest,
  { mappingId, brandId }: { mappingId: string; brandId: string },
): Promise<SheetMapping> {
  const row = await read(context, request, (tx) => mappingRows.find(tx, mappingId.toLowerCase(), 'none'))
  if (row?.brandId !== brandId) throw new NotFound('import mapping', mappingId)
  return readMapping(row)
}

async function readParts(request: FastifyRequest, kept: SheetMapping | undefined): Promise<SentSheet> {
  const parts = request.parts({ limits: { files: 2, fields: 1, fieldSize: maxMappingBytes } })
  let mapping = kept
  /** Up to the file, or to the end. */
  const next = async (): Promise<Readable | undefined> => {
    for await (const part of { [Symbol.asyncIterator]: () => ({ next: () => parts.next() }) }) {
      if (part.fieldname === 'mapping') {
        if (mapping !== undefined) throw twice()
        mapping = parseMapping(await readPart(part))
      } else if (part.fieldname === 'file' && part.type === 'file') return part.file
      else
        throw new InvalidRequest('The body has a part that is not expected.', [unknownPart(part.fieldname)])
    }
    return undefined
  }
  const file = await next()
  if (!file) {
    throw new InvalidRequest('The body has no file.', [
      { pointer: '/file', detail: 'is required, with a file name' },
    ])
  }
  return {
    file: limited(file),
    async mapping() {
      const other = await next()
      if (other) {
        other.resume()
        throw new InvalidRequest('The body has several files.', [
          { pointer: '/file', detail: 'stands twice' },
        ])
      }
      return mapping ?? {}
    },
  }
}

async function readPart(part: MultipartFile | MultipartValue): Promise<Buffer> {
  if (part.type === 'field') return Buffer.from(String(part.value))
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of part.file) {
    bytes += chunk.length
    if (bytes <= maxMappingBytes) chunks.push(chunk)
  }
  if (bytes <= maxMappingBytes) return Buffer.concat(chunks)
  throw new InvalidRequest('The mapping is too large.', [
    { pointer: '/mapping', detail: 'has at most 64 KiB' },
  ])
}

function unknownPart(name: string) {
  return { pointer: `/${name}`, detail: 'is not a part of this body: there are mapping and file' }
}

function twice(): InvalidRequest {
  const detail = 'is given twice, in the query or in several parts'
  return new InvalidRequest('The body has several mappings.', [{ pointer: '/mapping', detail }])
}

function notASheet(): TollgateError {
  return new TollgateError({
    code: 'unsupported_media_type',
    status: 415,
    detail: 'Send the file as the body, as "text/csv" or a workbook, or as multipart/form-data.',
  })
}

/** A body without a declared length is counted on its way. */
function limited(stream: Readable): Readable {
  let bytes = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= maxSheetBytes) done(null, chunk)
      else
        done(new TollgateError({ code: 'body_too_large', status: 413, detail: 'A file has at most 1 GiB.' }))
    },
  })
  stream.on('error', (error) => counter.destroy(error))
  return stream.pipe(counter)
}
