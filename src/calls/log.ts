/** What the use cases of calls log by: a line is a name, `event`, and facts. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
