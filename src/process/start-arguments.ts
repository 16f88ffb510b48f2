/**
 * What was typed after `npm start --`? Nothing starts the service; everything else is answered without one.
 */

import { version } from '../version.ts'
import { describeConfig } from './config.ts'

export interface Answer {
  text: string
  /** 2: called wrongly. */
  exitCode: 0 | 2
}

/** undefined: start. */
export function answerArguments(words: readonly string[]): Answer | undefined {
  if (words.length === 0) return undefined
  const unknown = words.filter((word) => !['--help', '-h', '--version', '-V'].includes(word))
  if (unknown.length > 0) {
    const named = unknown.map((word) => `"${word}"`).join(', ')
    const text = `Tollgate does not know ${named}: everything is set by variables, --help names them. Commands are those of npx tollgate.\n`
    return { text, exitCode: 2 }
  }
  if (words.some((word) => word === '--help' || word === '-h')) return { text: help(), exitCode: 0 }
  return { text: `${version}\n`, exitCode: 0 }
}

function help(): string {
  return `Tollgate: authorizes, rates and bills telephone calls.

Usage: npm start
       npm start -- --help | --version

Everything is set by environment variables, all of them optional:

${describeConfig()}
`
}
