import { type ConsoleWords, en } from './en.ts'
export const ca: ConsoleWords = en
