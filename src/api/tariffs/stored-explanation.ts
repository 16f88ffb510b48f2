/**
 * How did a call's price come about? A call keeps its explanation in a compact form; here it becomes readable.
 */
import { type ExplanationPart, readExplanation } from '../../rating/explanation.ts'

export function readStoredExplanation(compact: string | null): ExplanationPart[] {
  return compact === null ? [] : readExplanation(JSON.parse(compact))
}
