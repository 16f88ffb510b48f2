/**
 * The floor under an authorization over NATS: reads the request as JSON, answers a grant of the same shape and size,
 * decides nothing.
 */
import { connect } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import { serveOrders } from './child.ts'

serveOrders<{ natsUrl: string; subject: string; answer: object }>(async ({ natsUrl, subject, answer }) => {
  const connection = await connect(natsOptions(natsUrl))
  connection.subscribe(subject, {
    queue: 'echo',
    callback: (error, message) => {
      if (error) throw error
      const { callId } = JSON.parse(Buffer.from(message.data).toString())
      message.respond(Buffer.from(JSON.stringify({ ...answer, callId })))
    },
  })
  await connection.flush()
  return {}
})
