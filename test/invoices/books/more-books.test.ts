/** As many again, with a seed of their own. */
import { checkBooks } from './check-books.ts'

await checkBooks(7919)
