/**
 * Sends spans by OTLP over HTTP, in batches. Loaded where an endpoint is named: without one nothing of OpenTelemetry is in
 * the process.
 */
import { defaultTextMapGetter, SpanKind as Kind, ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { version } from '../version.ts'
import type { SpanKind, Tracer } from './tracer.ts'

export interface Tracing extends Tracer {
  /** Sends what is left. */
  close(): Promise<void>
}

const kinds: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  consumer: Kind.CONSUMER,
  producer: Kind.PRODUCER,
}
const everyMs = 1000

/** `endpoint`: the base, without `/v1/traces`. */
export function openTracing({ endpoint }: { endpoint: string }): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'tollgate', 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: everyMs })],
  })
  const tracer = provider.getTracer('tollgate', version)
  const propagator = new W3CTraceContextPropagator()
  return {
    start(name, kind, traceparent, startedAt) {
      const parent = traceparent
        ? propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter)
        : ROOT_CONTEXT
      const options = { kind: kinds[kind], ...(startedAt !== undefined && { startTime: startedAt }) }
      const span = tracer.startSpan(name, options, parent)
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        traceparent: `00-${traceId}-${spanId}-0${traceFlags & 1}`,
        end(attributes) {
          if (attributes) span.setAttributes(attributes)
          if (attributes?.error === true) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    async close() {
      // Whoever receives them may be away: the service ends all the same.
      await provider.shutdown().catch(() => {})
    },
  }
}
