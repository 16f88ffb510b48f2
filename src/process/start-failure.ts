/**
 * Why did the service not start, and what can be done about it? One sentence for whoever typed the command.
 */
import { type Config, InvalidConfiguration } from './config.ts'

export function startFailure(error: unknown, config: Config | undefined): string {
  if (error instanceof InvalidConfiguration) return error.faults.join('\n')
  const { message } = rootCause(error)
  const code = errorCode(error)
  if (code === 'EADDRINUSE' && config) {
    const ports = [config.port, config.metricsPort].filter(
      (port) => port !== null && message.includes(`:${port}`),
    )
    return `Port ${ports[0] ?? config.port} on ${config.host} is in use: stop what listens there, or set PORT to another.`
  }
  if (code === 'EACCES' && config) {
    return `This user may not listen on port ${config.port}: set PORT to one above 1023.`
  }
  if (config?.databaseUrl && isRefusal(code)) {
    return `PostgreSQL at DATABASE_URL refuses the connection (${message}): correct DATABASE_URL, or what that user may do.`
  }
  if (config?.databaseUrl && isDatabaseFault(code)) {
    return `PostgreSQL at DATABASE_URL cannot be used (${message}): start it, or correct DATABASE_URL.`
  }
  return message
}

/** '' where the failure has none. */
export function errorCode(error: unknown): string {
  const root = rootCause(error)
  return 'code' in root ? String(root.code) : ''
}

function rootCause(error: unknown): { message: string; code?: unknown } {
  if (!(error instanceof Error)) return { message: String(error) }
  // drizzle wraps what PostgreSQL said.
  const query = 'query' in error && error.cause instanceof Error ? error.cause : error
  return query
}

/** A wrong user or password, no such database, no right to make roles or tables. */
function isRefusal(code: string): boolean {
  return /^(28|3D|42501|08P01)/.test(code)
}

/** No connection. */
function isDatabaseFault(code: string): boolean {
  return /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT|CONNECTION_|08|57P)/.test(code)
}
