/**
 * Which answers are packed for who asks with `Accept-Encoding`? What is read: lists and single things, from 1 KiB on.
 *
 * Not what switches ask, whose answers are small and in a hurry; not files and reports, which are streamed to readers that
 * may stall, and end where they break off; not what only a POST answers, which may hold a secret beside what was sent.
 */
import compress from '@fastify/compress'
import type { Api } from '../api.ts'

const streamed = /\.\w+$|^\/v1\/reports\/|^\/v1\/live$/
const ofSwitches = /^\/v1\/engines\//

export async function compressAnswers(app: Api): Promise<void> {
  app.addHook('onRoute', (route) => {
    const isRead = route.method === 'GET' && (route.url.startsWith('/v1/') || route.url === '/openapi.json')
    if (!isRead || streamed.test(route.url.replace('/openapi.json', '')) || ofSwitches.test(route.url)) {
      route.compress = false
    }
  })
  await app.register(compress, { encodings: ['br', 'gzip'], globalDecompression: false })
}
