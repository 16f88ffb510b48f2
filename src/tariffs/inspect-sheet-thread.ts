/** The thread behind inspections of sheets: a workbook takes longer than calls may wait. */
import { serveJobs } from '../threads/serve-jobs.ts'
import { type InspectOrder, inspectSheet } from './inspect-sheet.ts'

serveJobs((order: InspectOrder) => inspectSheet(order))
