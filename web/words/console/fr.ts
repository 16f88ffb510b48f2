import { type ConsoleWords, en } from './en.ts'
export const fr: ConsoleWords = en
