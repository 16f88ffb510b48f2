/** The thread behind `sheet-threads.ts`. */
import { serveJobs } from '../threads/serve-jobs.ts'
import { type InspectOrder, inspectSheet } from './inspect-sheet.ts'
import { type PlanSheetOrder, readPlanSheet } from './read-plan-sheet.ts'

serveJobs((order: InspectOrder | PlanSheetOrder) =>
  'roundings' in order ? readPlanSheet(order) : inspectSheet(order),
)
