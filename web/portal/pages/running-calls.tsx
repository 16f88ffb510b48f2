/**
 * Calls that run now, with time and cost so far, as they change.
 */
import { Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { RunningCallsTable, useRunningCalls } from '../running-calls.tsx'

export function RunningCallsPage() {
  const { words, format } = useLocale()
  const running = useRunningCalls()
  return (
    <>
      <Heading>{words.runningCalls}</Heading>
      {running.error && <Failure error={running.error} retry={running.reload} />}
      {!running.data && !running.error && <Loading />}
      {running.data && (
        <Card title={`${format.whole(running.data.length)} · ${words.live}`}>
          <RunningCallsTable calls={running.data} />
        </Card>
      )}
    </>
  )
}
