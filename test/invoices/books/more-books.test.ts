/** As many again, with a seed of their own. */
import { checkBooks } from './check-books.ts'

const books = await checkBooks(7919)
books.run()
