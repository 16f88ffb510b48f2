/** Why is nothing charged? As documents print it; standard and zero rate, IGIC and IPSI must not say (BR-S-10, BR-Z-10). */
import type { LineTax } from '../invoice.ts'
import { chooseLabels } from '../invoice-labels.ts'

/** No tax: outside the scope of VAT. */
export function exemptionReason(tax: LineTax | undefined, language: string): string | undefined {
  const labels = chooseLabels(language)
  const builtIn = {
    S: undefined,
    Z: undefined,
    L: undefined,
    M: undefined,
    E: labels.exempt,
    AE: labels.reverseCharge,
    K: labels.withinUnion,
    G: labels.exported,
    O: labels.outsideScope,
  }[tax?.category ?? 'O']
  return builtIn === undefined ? undefined : (tax?.reason ?? builtIn)
}
