/** Facts are the ledger's: it alone writes them. */
export { type Fact, type FactType, factOf } from '../ledger/fact.ts'
