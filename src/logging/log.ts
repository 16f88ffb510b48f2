/** What the service logs to: pino, or anything of this shape. docs/operations.md lists every event. */

/** `event` in snake_case is what alerts look for. An error under any name is written with its chain of causes. */
export interface LogFields {
  event: string
  [field: string]: unknown
}

export interface Log {
  /** `message` is for people; the event's name where it is left out. */
  info(fields: LogFields, message?: string): void
  warn(fields: LogFields, message?: string): void
  error(fields: LogFields, message?: string): void
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }
