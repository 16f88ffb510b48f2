/**
 * How does an explanation of a price read as lines of text? For people at a terminal.
 */
import type { ExplanationPart } from '../rating/explanation.ts'

export function explainLines(parts: readonly ExplanationPart[]): string[] {
  return parts.flatMap((part) => explainPart(part) ?? [])
}

function explainPart(part: ExplanationPart): string | undefined {
  switch (part.kind) {
    case 'cut':
      return `cut        at ${part.cutAt}, ended at ${part.endedAt}: priced to the cut`
    case 'candidate':
      return `tried      ${part.prefix}: ${part.outcome}`
    case 'rate':
      return `matched    ${part.prefix} ${part.destination}, from second ${part.fromSecond} on${ofCaller(part.originPrefix)}`
    case 'connectFee':
      return part.amount === '0' ? undefined : `fee        ${part.amount}`
    case 'graceSeconds':
      return `free       shorter than the grace of ${part.seconds} s`
    case 'freeSeconds':
      return `free       ${part.seconds} s`
    case 'stretch': {
      const { rate, perSeconds, incrementSeconds } = part.step
      const { amount } = part
      return `stretch    from ${part.fromSecond} s: ${part.increments} × ${incrementSeconds} s at ${rate} per ${perSeconds} s = ${amount}`
    }
    case 'sum':
      return `sum        ${part.amount}`
    case 'rounding':
      return `rounding   ${part.mode} to ${part.decimals} decimals: ${part.before} → ${part.after}`
    case 'minimumPrice':
      return `minimum    ${part.before} → ${part.after}`
    case 'maximumPrice':
      return `maximum    ${part.before} → ${part.after}`
    case 'price':
      return undefined
    case 'refusal':
      return `refused    ${part.reason}`
  }
}

function ofCaller(originPrefix: string | undefined): string {
  return originPrefix === undefined ? '' : `, for callers with ${originPrefix}`
}
