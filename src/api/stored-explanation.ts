/**
 * How did a call's price come about? A call keeps its explanation in a compact form; here it becomes readable.
 */
export function readStoredExplanation(compact: string | null): unknown {
  return compact === null ? [] : JSON.parse(compact)
}
