/**
 * Columns of text, numbers to the right, no lines but one under the heads.
 */
export interface Column {
  head: string
  align?: 'left' | 'right'
}

export interface TableStyle {
  head: (text: string) => string
  rule: (text: string) => string
}

/** Lines without indent. A cell that is longer than its column makes the column wider. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: TableStyle,
): string[] {
  const widths = columns.map(({ head }, i) =>
    Math.max(head.length, ...rows.map((row) => (row[i] ?? '').length)),
  )
  const cell = (text: string, i: number) =>
    columns[i]?.align === 'right' ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)
  const line = (cells: readonly string[]) => cells.map(cell).join('  ').trimEnd()
  return [
    style.head(line(columns.map(({ head }) => head))),
    style.rule('─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))),
    ...rows.map(line),
  ]
}
