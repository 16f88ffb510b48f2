import { checkBooks } from './check-books.ts'

const books = await checkBooks(515049569)
books.run()
