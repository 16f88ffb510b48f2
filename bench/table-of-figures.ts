/**
 * The figures as a table, what is asked of them beside.
 */
import { textTable } from '../demo/text-table.ts'
import { type Figure, isMet, short } from './figures.ts'

export function tableOfFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const met = isMet(figure)
    return [
      figure.name,
      `${short(figure.value)} ${figure.unit}`,
      figure.floor === undefined ? '' : `${short(figure.floor)} ${figure.unit}`,
      figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
      targetOf(figure),
      met === undefined ? '' : met ? 'met' : 'missed',
    ]
  })
  const plain = (text: string) => text
  const columns = [
    { head: 'measured' },
    { head: 'Tollgate', align: 'right' as const },
    { head: 'floor', align: 'right' as const },
    { head: 'ratio', align: 'right' as const },
    { head: 'asked' },
    { head: '' },
  ]
  return textTable(columns, rows, { head: plain, rule: plain }).join('\n')
}

function targetOf({ target, ratio, unit }: Figure): string {
  if (!target) return ''
  const bound = 'atLeast' in target ? target.atLeast : target.atMost
  const sign = 'atLeast' in target ? '≥' : '≤'
  return ratio === undefined ? `${sign} ${short(bound)} ${unit}` : `${sign} ${bound}`
}
