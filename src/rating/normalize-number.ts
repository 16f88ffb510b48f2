/**
 * Which digits does a dialled number stand for?
 */
export interface NumberingPlan {
  countryCode: string
  internationalPrefixes: string[]
  nationalPrefix: string
  nationalLengths: number[]
}
