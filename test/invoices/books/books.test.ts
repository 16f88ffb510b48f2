import { checkBooks } from './check-books.ts'

await checkBooks(515049569)
