import { checkBooks } from './check-books.ts'

const books = await checkBooks(1299709)
books.run()
