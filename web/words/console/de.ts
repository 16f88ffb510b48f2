import { type ConsoleWords, en } from './en.ts'
export const de: ConsoleWords = en
