import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findSipPrograms } from '../../examples/kamailio/sip-programs.ts'
import { skipTest } from '../servers.ts'
import { playKamailio } from './play-kamailio.ts'

const test = suite('examples/kamailio with http_async_client')
const programs = findSipPrograms(process.env)

const name = 'calls are asked for, priced, ended and never lost, and the list of legs is stated'
if (typeof programs === 'string') skipTest(test, name, programs)
else if (!programs.hasHttpAsyncClient) {
  skipTest(test, name, 'no http_async_client here: run examples/kamailio/install.sh')
} else {
  test(name, async () => {
    const { kamailioLog } = await playKamailio(programs, { withHttpAsyncClient: true })
    assert.match(kamailioLog, /stated \{"active":[1-9]/)
  })
}

test('a machine without Kamailio is told what to do', () => {
  const found = findSipPrograms({ PATH: '/nowhere' }, ['/nowhere'])
  assert.is(found, 'no kamailio here: run examples/kamailio/install.sh')
})

test.run()
