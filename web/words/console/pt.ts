import { type ConsoleWords, en } from './en.ts'
export const pt: ConsoleWords = en
