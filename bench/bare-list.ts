/**
 * The floor under a read over HTTP: Fastify on a route that answers the same object, read from nowhere.
 */
import Fastify from 'fastify'
import { serveOrders } from './child.ts'

serveOrders<object>(async () => {
  const app = Fastify()
  app.get('/', async () => ({
    balance: '12.5',
    reserved: '0',
    available: '12.5',
    creditLimit: null,
    unbilled: '0.4',
    invoicedUnpaid: '0',
    currency: 'EUR',
  }))
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }) }
})
