/** The thread behind `compile-rate-table.ts`: an order in, the memory of a table out, one after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../db/connection.ts'
import { type CompileAnswer, readRateTable } from './compile-rate-table.ts'

interface Order {
  order: number
  rateDeckId: string
  version: number
}

const { databaseUrl }: { databaseUrl: string } = workerData
const db = openDatabase(databaseUrl, {
  role: 'tollgate_worker',
  connections: 1,
  statementTimeoutMs: 120_000,
})
let previous: Promise<void> = Promise.resolve()

parentPort?.on('message', (order: Order) => {
  previous = previous.then(() => compile(order))
})

async function compile({ order, rateDeckId, version }: Order): Promise<void> {
  try {
    const { columns, transfer } = (await readRateTable(db, { rateDeckId, version })).toBuffers()
    answer({ order, columns }, transfer)
  } catch (error) {
    answer({ order, error: String(error) }, [])
  }
}

function answer(message: CompileAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer)
}
