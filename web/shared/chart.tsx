/**
 * Bars over days, drawn by uPlot in the colours of the page. The chart is a picture: whoever cannot see it has the table
 * that stands with it.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useLocale } from './locale.tsx'

export interface Bar {
  /** YYYY-MM-DD */
  day: string
  /** For the height alone; what is written comes from `text`. */
  height: number
  text: string
}

const heightPx = 220

export function BarChart({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const { format } = useLocale()
  const box = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const [theme, setTheme] = useState(0)

  useEffect(() => {
    const repaint = () => setTheme((before) => before + 1)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', repaint)
    addEventListener('tollgate-theme', repaint)
    return () => {
      dark.removeEventListener('change', repaint)
      removeEventListener('tollgate-theme', repaint)
    }
  }, [])

  // Another theme draws anew.
  useEffect(() => {
    const element = box.current
    if (!element || bars.length === 0) return
    const colour = (name: string) => resolveColour(element, name)
    const axis = {
      stroke: colour('--muted'),
      font: `12px ${getComputedStyle(document.body).fontFamily}`,
      ticks: { show: false },
    }
    const isNarrow = element.clientWidth < 480
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: { y: false, x: false, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: [-0.6, bars.length - 0.4] },
          y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.05 : 1] },
        },
        axes: [
          {
            ...axis,
            size: 28,
            grid: { show: false },
            splits: () => everyFew(bars.length, isNarrow ? 4 : 8),
            values: (_plot, places) =>
              places.map((place) => format.shortDay(bars[place]?.day ?? '1970-01-01')),
          },
          {
            ...axis,
            size: isNarrow ? 44 : 56,
            grid: { stroke: colour('--line'), width: 1 },
            values: (_plot, values) => values.map((value) => format.decimal(plainText(value))),
          },
        ],
        series: [
          {},
          {
            fill: colour('--accent'),
            width: 0,
            paths: uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 }) ?? (() => null),
            points: { show: false },
          },
        ],
        hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? null)] },
      },
      [bars.map((_bar, index) => index), bars.map(({ height }) => height)],
      element,
    )
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      plot.destroy()
    }
  }, [bars, format, theme])

  const bar = pointed === null ? undefined : bars[pointed]
  return (
    <figure class="chart">
      <div ref={box} role="img" aria-label={label} />
      <figcaption aria-hidden="true">{bar ? `${format.day(bar.day)}: ${bar.text}` : '\u00a0'}</figcaption>
    </figure>
  )
}

/** The colour that a token has in the present theme. */
function resolveColour(element: HTMLElement, token: string): string {
  const probe = document.createElement('i')
  probe.style.color = `var(${token})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function everyFew(count: number, labels: number): number[] {
  const step = Math.max(1, Math.ceil(count / labels))
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => count - 1 - index * step).reverse()
}

/** Of a number on an axis, which has few digits. */
function plainText(value: number): string {
  return String(Number(value.toPrecision(6)))
}
