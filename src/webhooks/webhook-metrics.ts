/** What is counted of webhooks, for `/metrics`. */
import { Counter, Histogram, type Registry } from 'prom-client'

export function openWebhookMetrics(registry: Registry) {
  const attempts = new Counter({
    name: 'tollgate_webhook_attempts_total',
    help: 'Attempts to deliver a fact over HTTP: delivered, retried, failed (given up).',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const delay = new Histogram({
    name: 'tollgate_webhook_delay_seconds',
    help: 'From the fact to its delivery over HTTP.',
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 30, 300, 3600],
    registers: [registry],
  })
  return {
    count(outcome: 'delivered' | 'retried' | 'failed', delaySeconds: number): void {
      attempts.inc({ outcome })
      if (outcome === 'delivered') delay.observe(delaySeconds)
    },
  }
}
