/**
 * What a story writes into a mail's `content`, by kind: raw facts. Wording, numbers and dates become text only
 * when the mail is sent.
 *
 * Amounts are decimal text, days `YYYY-MM-DD` in `timeZone` (those of an
 * invoice's issue and term the brand's), instants RFC 3339, `language` a BCP 47 tag.
 */
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { guardActions, guardLimits } from '../limits/spend-guard.ts'
import { allowanceUnits } from '../rating/allowance.ts'

export const mailKinds = [
  'max-daily-usage',
  'low-balance',
  'invoice',
  'invoice-reminder',
  'payment-receipt',
  'call-report',
  'spend-guard',
  'allowance-low',
  'password-reset',
] as const
export type MailKind = (typeof mailKinds)[number]

/** Those that a brand may word itself. What opens an account is ours alone: a wording may tell a stranger its secret. */
export const wordedKinds = mailKinds.filter((kind) => kind !== 'password-reset')
export type WordedKind = Exclude<MailKind, 'password-reset'>

/** How a client names its template of a kind, in `notificationTemplates`. */
export const settingOfKind = {
  'max-daily-usage': 'maxDailyUsage',
  'low-balance': 'lowBalance',
  invoice: 'invoice',
  'invoice-reminder': 'invoiceReminder',
  'payment-receipt': 'paymentReceipt',
  'call-report': 'callReport',
  'spend-guard': 'spendGuard',
  'allowance-low': 'allowanceLow',
} as const satisfies Record<WordedKind, string>

const aboutTheClient = {
  clientName: Type.String(),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  timeZone: Type.String(),
  language: Type.String(),
}
const Amount = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

const mailContents = {
  'max-daily-usage': Type.Object({
    ...aboutTheClient,
    limit: Type.Union([Amount, Type.Null()]),
    usage: Amount,
    /** Held by running calls, which may be what reached the limit. */
    reserved: Type.Optional(Amount),
    day: Day,
  }),
  'low-balance': Type.Object({
    ...aboutTheClient,
    balance: Amount,
    threshold: Amount,
    at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$' }),
  }),
  invoice: Type.Object({
    ...aboutTheClient,
    /** An invoice, where it is left out. */
    kind: Type.Optional(Type.Enum(['invoice', 'credit-note'])),
    number: Type.String(),
    /** Half-open: `to` is the first day no longer in it. */
    from: Day,
    to: Day,
    total: Amount,
    amountDue: Amount,
    dueDay: Type.Union([Day, Type.Null()]),
  }),
  'invoice-reminder': Type.Object({
    ...aboutTheClient,
    number: Type.String(),
    total: Amount,
    /** As it is when the mail leaves. */
    amountDue: Amount,
    dueDay: Day,
    /** Days since the due day, as the brand's calendar counts them. */
    daysLate: Type.Integer({ minimum: 1 }),
  }),
  'payment-receipt': Type.Object({
    ...aboutTheClient,
    number: Type.String(),
    amount: Amount,
    /** Of the client's calendar. */
    paidOn: Day,
    method: Type.Union([Type.String(), Type.Null()]),
    reference: Type.Union([Type.String(), Type.Null()]),
    /** Of the invoice, after this payment. */
    amountDue: Amount,
  }),
  'call-report': Type.Object({
    ...aboutTheClient,
    from: Day,
    to: Day,
    /** As the operator called what repeats itself; the client may be a brand then. */
    scheduleName: Type.Optional(Type.String()),
    /** Sums, where the report is one of calls in one currency. */
    calls: Type.Optional(Type.Integer({ minimum: 0 })),
    durationSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
    amount: Type.Optional(Amount),
  }),
  'spend-guard': Type.Object({
    ...aboutTheClient,
    guardName: Type.String(),
    action: Type.Enum([...guardActions]),
    limitName: Type.Enum([...guardLimits]),
    /** An amount, a number, or an action. */
    limitValue: Type.String(),
    /** null: no limit of money. */
    spent: Type.Union([Amount, Type.Null()]),
    at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$' }),
  }),
  'allowance-low': Type.Object({
    ...aboutTheClient,
    itemName: Type.String(),
    unit: Type.Enum([...allowanceUnits]),
    percent: Type.Integer(),
    /** Decimal text; of seconds and calls whole numbers. */
    used: Amount,
    included: Amount,
    at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$' }),
  }),
  /** `clientName`: of the client or the brand whose account it is. */
  'password-reset': Type.Object({
    ...aboutTheClient,
    adminId: Type.String(),
    username: Type.String(),
    expiresAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$' }),
    /** Made when the mail is sent, and kept nowhere. */
    link: Type.String(),
  }),
} as const

export type MailContent<Kind extends MailKind = MailKind> = Static<(typeof mailContents)[Kind]>

const checks = {
  'max-daily-usage': Compile(mailContents['max-daily-usage']),
  'low-balance': Compile(mailContents['low-balance']),
  invoice: Compile(mailContents.invoice),
  'invoice-reminder': Compile(mailContents['invoice-reminder']),
  'payment-receipt': Compile(mailContents['payment-receipt']),
  'call-report': Compile(mailContents['call-report']),
  'spend-guard': Compile(mailContents['spend-guard']),
  'allowance-low': Compile(mailContents['allowance-low']),
  'password-reset': Compile(mailContents['password-reset']),
} as const

/** Throws an Error that names the fault: a story wrote what no template can show. */
export function checkMailContent(kind: MailKind, content: unknown): MailContent {
  const check = checks[kind]
  if (!check.Check(content)) {
    const [fault] = check.Errors(content)
    throw new Error(`the content of a ${kind} mail is wrong: ${fault?.instancePath} ${fault?.message}`)
  }
  return content
}

export function findMailKind(kind: string): MailKind | undefined {
  return mailKinds.find((known) => known === kind)
}
