/**
 * Why did the service not start, and what can be done about it? One sentence for whoever typed the command.
 */
import { type Config, InvalidConfiguration } from './config.ts'

export function startFailure(error: unknown, config: Config | undefined): string {
  if (error instanceof InvalidConfiguration) return error.faults.join('\n')
  const { code, message } = codeAndMessage(error)
  if (code === 'EADDRINUSE' && config) {
    const ports = [config.port, config.metricsPort].filter(
      (port) => port !== null && message.includes(`:${port}`),
    )
    return `Port ${ports[0] ?? config.port} on ${config.host} is in use: stop what listens there, or set PORT to another.`
  }
  if (code === 'EACCES' && config) {
    return `This user may not listen on port ${config.port}: set PORT to one above 1023.`
  }
  if (config?.databaseUrl && isDatabaseFault(code)) {
    return `PostgreSQL at DATABASE_URL cannot be used (${message}): start it, or correct DATABASE_URL.`
  }
  return message
}

function codeAndMessage(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  // drizzle wraps what PostgreSQL said.
  const cause = error.cause instanceof Error ? error.cause : error
  return { code: 'code' in cause ? String(cause.code) : '', message: cause.message }
}

/** No connection, a wrong password, no such database, no right to make roles or tables. */
function isDatabaseFault(code: string): boolean {
  return /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT|CONNECTION_|28|3D|42501|08|57P)/.test(code)
}
