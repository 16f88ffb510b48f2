import { type ConsoleWords, en } from './en.ts'
export const it: ConsoleWords = en
