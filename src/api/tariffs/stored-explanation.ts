/**
 * How did a call's price come about? A call keeps its explanation in a compact form; here it becomes readable.
 */
import { instantText } from '../../db/columns.ts'
import { type ExplanationPart, readExplanation } from '../../rating/explanation.ts'

export function readCallExplanation(call: {
  explanation: string | null
  cutAt: number | null
  endedAt: number | null
}): ExplanationPart[] {
  const { explanation, cutAt, endedAt } = call
  const parts = explanation === null ? [] : readExplanation(JSON.parse(explanation))
  if (cutAt === null || endedAt === null) return parts
  return [{ kind: 'cut', cutAt: instantText(cutAt), endedAt: instantText(endedAt) }, ...parts]
}
