/** Answers that leave together do not share their failures. */
import Fastify from 'fastify'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AnswersOfTurn } from '../../src/api/conventions/answers-of-turn.ts'
import { InvalidRequest } from '../../src/errors.ts'

const test = suite('answers of a turn')

test('one that cannot be sent ends its own connection, and those behind it are sent', async () => {
  const answers = new AnswersOfTurn()
  const app = Fastify()
  app.setErrorHandler((error, _request, reply) =>
    reply.code(400).send({ code: (error as InvalidRequest).code }),
  )
  const waiting: (() => void)[] = []
  app.get('/:what', (request, reply) => {
    const { what } = request.params as { what: string }
    waiting.push(() => {
      // Its head is gone, so that it cannot be written again.
      if (what === 'broken') reply.raw.writeHead(200)
      answers.send(reply, what === 'refused' ? new InvalidRequest('No.') : { what })
    })
    // All in one turn, the broken one in front.
    if (waiting.length === 3)
      setImmediate(() => {
        for (const answer of waiting) answer()
      })
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    const ask = (what: string) => fetch(`${url}/${what}`).then((answer) => answer.json())
    const broken = ask('broken').then(
      () => 'answered',
      () => 'ended',
    )
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const [refused, good] = await Promise.all([ask('refused'), ask('good')])
    assert.equal([await broken, refused, good], ['ended', { code: 'invalid_request' }, { what: 'good' }])
  } finally {
    await app.close()
  }
})

test.run()
