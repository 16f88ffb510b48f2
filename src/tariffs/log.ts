/** What the stories of tariffs write to: a pino logger, or any thing of its shape. Fields name the event first. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
