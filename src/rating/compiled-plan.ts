/** What pricing asks of a plan's entries besides their decks, made once per version. */
import type { Origins } from './origins.ts'
import { compileOrigins } from './origins.ts'
import type { RatingPlanVersion } from './tariff.ts'
import type { PlanWindows } from './windows.ts'
import { compileWindows } from './windows.ts'

export interface CompiledPlan {
  readonly windows: PlanWindows
  /** Undefined: no entry asks who calls. */
  readonly origins: Origins | undefined
}

const compiledPlans = new WeakMap<RatingPlanVersion, CompiledPlan>()

export function compilePlan(plan: RatingPlanVersion): CompiledPlan {
  const known = compiledPlans.get(plan)
  if (known) return known
  const compiled = { windows: compileWindows(plan.entries), origins: compileOrigins(plan.entries) }
  compiledPlans.set(plan, compiled)
  return compiled
}
