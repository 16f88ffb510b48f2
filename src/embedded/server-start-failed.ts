/**
 * Why could an embedded server not be found or started, and what does the operator do about it?
 *
 * The message is one sentence for a person: the fact, then the remedy. It is written to the terminal as it
 * stands, before the program ends with 1.
 */
export class ServerStartFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ServerStartFailed'
  }
}

/** The `code` of a Node.js system error such as `EACCES`; undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
