/**
 * A guard against toll fraud in JSON: how the API takes it is how it is stored.
 */
import Type from 'typebox'
import { guardActions } from '../limits/spend-guard.ts'
import {
  closed,
  Email,
  Name,
  NonNegativeAmount,
  nullable,
  oneOf,
  TimeZone,
  Uuid,
  WallClock,
} from './fields.ts'

/** The wall clock's hours in which a guard counts and stops. */
export const GuardTimes = closed({
  days: Type.Optional(
    nullable(
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        maxItems: 7,
        uniqueItems: true,
        description: '1 (Monday) to 7; null: every day.',
      }),
    ),
  ),
  from: Type.Optional(WallClock),
  to: Type.Optional({ ...WallClock, description: 'Earlier than `from`: on the next day.' }),
  timeZone: Type.Optional(nullable({ ...TimeZone, description: "null: the client's." })),
})

export const GuardLimits = Type.Object(
  {
    spendPerHour: Type.Optional({ ...NonNegativeAmount, description: "In the brand's currency." }),
    spendPerDay: Type.Optional({ ...NonNegativeAmount, description: 'Of the last 24 hours.' }),
    callsPerMinute: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    runningCalls: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    distinctNumbersPerHour: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    newCountries: Type.Optional(
      oneOf(
        ['alert', 'deny'],
        'A country without an answered call of the client in 90 days. Decides for its limit alone, whatever the action.',
      ),
    ),
  },
  { additionalProperties: false, minProperties: 1, description: 'One at least.' },
)

export const GuardFields = {
  name: Name,
  enabled: Type.Optional(Type.Boolean()),
  when: Type.Optional(nullable(GuardTimes)),
  prefixes: Type.Optional(
    nullable(
      Type.Array(Type.String({ maxLength: 32 }), {
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: 'Leading digits of the numbers called, as E.164; null: whatever number.',
        examples: [['53', '882']],
      }),
    ),
  ),
  highRisk: Type.Optional(
    Type.Unsafe<true | null>({
      type: ['boolean', 'null'],
      enum: [true, null],
      description: 'Satellites, premium and shared-cost numbers, or what a rate says of itself.',
    }),
  ),
  limits: GuardLimits,
  action: Type.Optional(oneOf(guardActions)),
  email: Type.Optional(
    nullable({
      ...Email,
      description:
        "Who is told. null: the client's `maxDailyUsageEmail`, else the brand's reply address or sender.",
    }),
  ),
}

/** What a guard says of a leg that it refuses. */
export const NamedGuard = closed({ id: Uuid, name: Type.String() })
