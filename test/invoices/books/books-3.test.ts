import { checkBooks } from './check-books.ts'

const books = await checkBooks(104729)
books.run()
