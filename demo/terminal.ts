/**
 * How does the demo look? Calm: one accent, dim labels, columns that fit 80 and use 120; progress as a bar on a
 * terminal and as plain lines elsewhere.
 */
import { styleText } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'

export interface Terminal {
  /** Columns that may be used. */
  width: number
  say(line?: string): void
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
  accent(text: string): string
  /** A line of its own that fills up; `done` replaces it by the sentence. */
  progress(label: string, total: number): Progress
}

export interface Progress {
  /** `note` stands behind the figures. */
  update(value: number, note?: string): void
  done(sentence: string): void
}

type Style = Parameters<typeof styleText>[0]

export const labelWidth = 12

export function openTerminal(out: NodeJS.WriteStream): Terminal {
  const isTerminal = out.isTTY === true
  const hasColours = isTerminal && out.hasColors()
  const style = (how: Style) => (text: string) => (hasColours ? styleText(how, text) : text)
  const say = (line = '') => {
    out.write(`${line}\n`)
  }
  const dim = style('dim')
  const good = style('green')
  const labelled = (label: string, sentence: string) => `  ${dim(label.padEnd(labelWidth))}${sentence}`
  const width = Math.max(80, Math.min(120, isTerminal ? out.columns : 100))
  return {
    width,
    say,
    bold: style('bold'),
    dim,
    good,
    bad: style('red'),
    accent: style('cyan'),
    progress(label, total) {
      const sentenceOf = (sentence: string) => labelled(label, sentence)
      return isTerminal ? barOf(out, sentenceOf, total, width) : linesOf(say, sentenceOf, total)
    },
  }
}

function barOf(
  out: NodeJS.WriteStream,
  sentenceOf: (sentence: string) => string,
  total: number,
  width: number,
): Progress {
  const bar = new SingleBar(
    {
      stream: out,
      format: sentenceOf('{bar} {percentage} %{note}'),
      barsize: width - labelWidth - 50,
      hideCursor: true,
      clearOnComplete: true,
      fps: 12,
    },
    { ...Presets.shades_classic, barCompleteChar: '━', barIncompleteChar: '╌' },
  )
  bar.start(total, 0, { note: '' })
  return {
    update: (value, note) => bar.update(Math.min(value, total), { note: note ? `  ${note}` : '' }),
    done(sentence) {
      bar.update(total)
      bar.stop()
      out.write(`${sentenceOf(sentence)}\n`)
    },
  }
}

/** A line for each quarter. */
function linesOf(
  say: (line: string) => void,
  sentenceOf: (sentence: string) => string,
  total: number,
): Progress {
  let quarter = 0
  return {
    update(value, note) {
      const reached = Math.floor((4 * value) / total)
      if (reached <= quarter || reached >= 4) return
      quarter = reached
      say(sentenceOf(`${25 * reached} %${note ? `  ${note}` : ''}`))
    },
    done: (sentence) => say(sentenceOf(sentence)),
  }
}
