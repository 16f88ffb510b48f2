/** The span of an authorization, from its request to its answer. */
import type { Tracer } from './tracer.ts'

interface Answer {
  allowed: boolean
  reason?: string
}

/** `traceparent`: as the request has it. Without a tracer `ask` alone. */
export function traceAuthorization<Answered extends object>(
  tracer: Tracer | null,
  traceparent: unknown,
  ask: () => Answered | Promise<Answered>,
): Answered | Promise<Answered> {
  return tracer ? trace(tracer, traceparent, ask) : ask()
}

async function trace<Answered extends object>(
  tracer: Tracer,
  traceparent: unknown,
  ask: () => Answered | Promise<Answered>,
): Promise<Answered> {
  const span = tracer.start('authorize', 'server', {
    traceparent: typeof traceparent === 'string' ? traceparent : null,
  })
  try {
    const answer = await ask()
    const { allowed, reason = '' } = answer as Answered & Answer
    span.end({ 'tollgate.allowed': allowed, 'tollgate.reason': reason })
    return answer
  } catch (error) {
    span.end({ error: true })
    throw error
  }
}
