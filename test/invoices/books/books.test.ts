import { checkBooks } from './check-books.ts'

await checkBooks()
