import { checkBooks } from './check-books.ts'

const books = await checkBooks(7919)
books.run()
