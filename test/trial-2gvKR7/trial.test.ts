import { suite } from 'uvu'
import * as assert from 'uvu/assert'
const test = suite('trial')
import { startTestNats } from '../servers.ts'
    const { pid } = await startTestNats()
    console.log('nats-server is', pid)
    setInterval(() => {}, 1000)
    test('a', () => {})
    test.run()