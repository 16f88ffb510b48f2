/**
 * Which settings of a client go together? What contradicts another or would do nothing is refused where it is made; what
 * has come to do nothing since (its feature was taken away) is kept for when it does something again, and told.
 */
import type { Static } from 'typebox'
import type { Recording } from '../../shapes/settings.ts'
import type { Faults } from '../conventions/known-values.ts'

type RecordingFields = Static<typeof Recording>

/** As they are kept; amounts as decimal text. */
export interface SettingsTogether {
  billingMethod: string
  features: readonly string[]
  distributeMethod: string
  applicationServerId: string | null
  maxDailyUsage: string | null
  maxDailyUsageEmail: string | null
  creditLimit: string | null
  recording: RecordingFields
}

export const recordingDefaults = {
  onDemand: 'off',
  serviceCode: null,
  clientMayRemove: true,
} as const satisfies RecordingFields

export function hasRecordings({ features }: { features?: readonly string[] }): boolean {
  return features?.includes('recordings') ?? false
}

/** `before`: as they stood, where they are changed. What was wrong then is no reason to refuse another change. */
export function checkTogether(
  settings: SettingsTogether,
  before: Partial<SettingsTogether> | undefined,
  faults: Faults,
): void {
  const { billingMethod, distributeMethod, recording, features } = settings
  if (!features.includes('billing') && billingMethod !== 'none') {
    faults.add('/billingMethod', 'must be "none" without the feature "billing"')
  }
  if (
    distributeMethod === 'roundRobin' &&
    (features.includes('queues') || features.includes('conferences'))
  ) {
    faults.add('/distributeMethod', 'cannot be "roundRobin" with the features "queues" or "conferences"')
  }
  const isRouted =
    before?.distributeMethod === distributeMethod &&
    before.applicationServerId === settings.applicationServerId
  if (distributeMethod === 'static' && settings.applicationServerId === null && !isRouted) {
    faults.add('/applicationServerId', 'is required with distributeMethod "static"')
  }
  for (const limit of ['maxDailyUsage', 'creditLimit'] as const) {
    if (isBilled(settings) || settings[limit] === null || settings[limit] === before?.[limit]) continue
    faults.add(
      `/${limit}`,
      'does nothing where no call is billed: it needs the feature "billing" and a billing method',
    )
  }
  if (hasRecordings(settings)) {
    if (recording.onDemand === 'serviceCode' && recording.serviceCode === null) {
      faults.add('/recording/serviceCode', 'is required with onDemand "serviceCode"')
    }
    if (recording.onDemand !== 'serviceCode' && recording.serviceCode !== null) {
      faults.add('/recording/serviceCode', 'goes with onDemand "serviceCode" alone')
    }
    return
  }
  for (const field of Object.keys(recordingDefaults) as (keyof typeof recordingDefaults)[]) {
    const value = recording[field]
    if (value === recordingDefaults[field] || value === before?.recording?.[field]) continue
    faults.add(`/recording/${field}`, 'does nothing without the feature "recordings"')
  }
}

/** What does nothing as it stands. `seesPlatformFields`: routing is the platform's matter alone. */
export function inertSettings(
  settings: Partial<SettingsTogether>,
  { seesPlatformFields }: { seesPlatformFields: boolean },
): string[] {
  const { maxDailyUsage, maxDailyUsageEmail, creditLimit, distributeMethod, applicationServerId } = settings
  const warnings: string[] = []
  if (!isBilled(settings)) {
    if (maxDailyUsage != null) warnings.push('maxDailyUsage does nothing: no call is billed.')
    if (creditLimit != null) warnings.push('creditLimit does nothing: no call is billed.')
  }
  if (maxDailyUsageEmail != null && maxDailyUsage == null) {
    warnings.push('maxDailyUsageEmail does nothing: there is no maxDailyUsage.')
  }
  if (seesPlatformFields && distributeMethod === 'static' && applicationServerId == null) {
    warnings.push('distributeMethod is "static" and there is no applicationServerId: no server is named.')
  }
  if (seesPlatformFields && distributeMethod !== 'static' && applicationServerId != null) {
    warnings.push('applicationServerId does nothing: distributeMethod is not "static".')
  }
  return warnings
}

function isBilled({ features, billingMethod }: Partial<SettingsTogether>): boolean {
  return (features?.includes('billing') ?? false) && billingMethod !== 'none'
}
