/**
 * How far is a command that takes long? A bar for people, a line at each tenth for logs, nothing for machines.
 */
import { SingleBar } from 'cli-progress'
import type { Output } from './terminal.ts'

export interface Progress {
  update(done: number, total: number | null): void
  end(done: number): void
}

export function openProgress(output: Output, things: string): Progress {
  const { error } = output.terminal
  if (output.isForMachines) return { update() {}, end() {} }
  if (error.isTTY) {
    const bar = new SingleBar({
      format: `{bar} {percentage} % {value}/{total} ${things}`,
      stream: error,
      hideCursor: true,
    })
    let isShown = false
    return {
      update(done, total) {
        if (total === null) return
        if (isShown) bar.update(done)
        else bar.start(total, done)
        isShown = true
      },
      end(done) {
        if (!isShown) return
        bar.update(done)
        bar.stop()
      },
    }
  }
  let shown = 0
  return {
    update(done, total) {
      const tenth = total ? Math.floor((done / total) * 10) : 0
      if (tenth > shown) output.note(`${done} of ${total} ${things}`)
      shown = Math.max(shown, tenth)
    },
    end() {},
  }
}
