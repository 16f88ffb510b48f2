/**
 * A part of a measurement in a process of its own: so that a load generator and what it measures do not share an
 * event loop. Orders and answers are plain objects over the processes' own channel.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Child {
  /** One order at a time. Throws with the child's own words where it fails. */
  ask<Answer>(order: object): Promise<Answer>
  pid: number
  stop(): Promise<void>
}

export function startChild(file: string): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--import', 'tsx'] })
  return {
    pid: child.pid ?? 0,
    ask: <Answer>(order: object) => answerOf<Answer>(child, order),
    async stop() {
      if (child.exitCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

function answerOf<Answer>(child: ChildProcess, order: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`))
    child.once('exit', fail)
    child.once('message', (message: { answer: Answer } | { error: string }) => {
      child.off('exit', fail)
      if ('error' in message) reject(new Error(message.error))
      else resolve(message.answer)
    })
    child.send(order)
  })
}

/** The other side: answers each order with what `work` makes of it. */
export function serveOrders<Order>(work: (order: Order) => Promise<object>): void {
  process.on('message', (order: Order) => {
    work(order).then(
      (answer) => process.send?.({ answer }),
      (error) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
}
