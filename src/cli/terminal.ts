/**
 * Where does a command write? Answers go to standard output, everything about the way there to standard error,
 * so that `tollgate … --json | jq` sees the answer alone.
 */
export interface Terminal {
  out: NodeJS.WritableStream
  error: NodeJS.WritableStream & { isTTY?: boolean }
  /** Where answers to questions come from; absent: nobody can be asked. */
  input?: NodeJS.ReadableStream & { isTTY?: boolean }
}

export const processTerminal: Terminal = {
  out: process.stdout,
  error: process.stderr,
  input: process.stdin,
}

export interface Output {
  /** The answer: one JSON document with --json, else the lines. */
  answer(document: unknown, lines: readonly string[]): void
  /** What goes on, for people alone. */
  note(line: string): void
  isForMachines: boolean
  terminal: Terminal
}

export function openOutput(terminal: Terminal, { json = false }: { json?: boolean }): Output {
  return {
    isForMachines: json,
    terminal,
    answer(document, lines) {
      terminal.out.write(json ? `${JSON.stringify(document)}\n` : lines.map((line) => `${line}\n`).join(''))
    },
    note(line) {
      if (!json) terminal.error.write(`${line}\n`)
    },
  }
}

/** Columns as wide as their widest cell; the first row is the heading. */
export function alignTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
