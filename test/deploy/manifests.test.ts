/** Manifests for Kubernetes and the unit for systemd: held to the published schemas, and to what the service needs. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Deployment } from 'kubernetes-models/apps/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Service } from 'kubernetes-models/v1'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../src/process/config.ts'
import { skipTest } from '../servers.ts'

const test = suite('manifests')
const path = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url))
const documents = parseAllDocuments(readFileSync(path('kubernetes/tollgate.yaml'), 'utf8')).map((one) =>
  one.toJS(),
)
const unit = readFileSync(path('systemd/tollgate.service'), 'utf8')

const models = { ConfigMap, Deployment, Service, PodDisruptionBudget } as const
// biome-ignore lint/suspicious/noExplicitAny: a document is what the file says; its schema checks it.
const found = (kind: string): any => documents.find((one) => one.kind === kind)

test('each is what the schema of its kind says', () => {
  assert.equal(documents.map(({ kind }) => kind).sort(), Object.keys(models).sort())
  for (const document of documents) new models[document.kind as keyof typeof models](document).validate()
  const broken = structuredClone(found('Deployment'))
  broken.spec.replicas = 'three'
  assert.throws(() => new Deployment(broken).validate())
})

test('probes ask for what each decides, and a disruption leaves replicas', () => {
  const { spec } = found('Deployment')
  const [container] = spec.template.spec.containers
  assert.is(container.livenessProbe.httpGet.path, '/livez')
  assert.is(container.readinessProbe.httpGet.path, '/readyz?role=authorize')
  assert.ok(found('PodDisruptionBudget').spec.minAvailable < spec.replicas)
  assert.ok(spec.template.spec.terminationGracePeriodSeconds > 14)
})

test('its variables are those of the service', () => {
  const config = loadConfig({
    ...found('ConfigMap').data,
    DATABASE_URL: 'postgres://postgres/tollgate',
    NATS_URL: 'nats://nats:4222',
    BOOTSTRAP_API_KEY: 'a-key-of-the-secret',
  })
  assert.is(config.metricsPort, 9090)
  const [container] = found('Deployment').spec.template.spec.containers
  assert.equal(
    container.ports.map(({ containerPort }: { containerPort: number }) => containerPort),
    [config.port, config.metricsPort],
  )
})

test('the unit waits longer than a drain takes, and is no root', () => {
  assert.match(unit, /^User=tollgate$/m)
  assert.match(unit, /^NoNewPrivileges=yes$/m)
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > 14)
})

const unitTest = 'systemd takes the unit'
if (spawnSync('systemd-analyze', ['--version']).error !== undefined) {
  skipTest(test, unitTest, 'systemd-analyze is not installed')
} else {
  test(unitTest, () => {
    const { stderr } = spawnSync('systemd-analyze', ['verify', path('systemd/tollgate.service')], {
      encoding: 'utf8',
    })
    assert.not.match(stderr, /tollgate\.service:\d+:/)
  })
}

test.run()
