import { type ConsoleWords, en } from './en.ts'
export const es: ConsoleWords = en
