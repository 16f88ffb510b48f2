import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { callsReportColumns } from '../../src/db/reports/report-calls.ts'
import { reportNames, reports } from '../../src/reports/open-report.ts'

const test = suite('descriptions of reports')
const docs = readFileSync(new URL('../../docs/reports.md', import.meta.url), 'utf8')
const columns = docs.slice(docs.indexOf('\n## Columns'), docs.indexOf('\n## Schedules'))

test('docs/reports.md has every report, what it is grouped by and what narrows it', () => {
  const missing = reportNames.flatMap((name) => {
    const { takes, groups = [] } = reports[name]
    const words = [...groups, ...takes.filter((filter) => filter !== 'days')]
    return [
      ...(columns.includes(`**${name}**`) ? [] : [name]),
      ...words.filter((word) => !new RegExp(`\`${word}[\`=]`).test(docs)).map((word) => `${name}: ${word}`),
    ]
  })
  assert.equal(missing, [])
})

test('docs/reports.md lists the columns of the report of calls in their order', () => {
  const listed = /\*\*calls\*\*[^`]*`([^`]*)`/.exec(columns)?.[1]
  assert.is(listed, callsReportColumns.map(({ name }) => name).join(', '))
})

test.run()
