/**
 * Settings that stand in the database as JSON: how the API takes them is how they are read again.
 */
import Type, { type Static } from 'typebox'
import { hangupReasons } from '../limits/reasons.ts'
import { type CalendarDay, calendarModes } from '../rating/calendar.ts'
import {
  Country,
  closed,
  Day,
  Email,
  FreeText,
  MailAddress,
  Name,
  nullable,
  oneOf,
  Uuid,
  WallClock,
} from './fields.ts'

/** Free text that has to be of a certain form, with an example that is. */
const like = (example: string) => Type.String({ ...FreeText, examples: [example] })

/** Where networks of e-invoices deliver to (EN 16931: BT-34, BT-49). */
const EndpointId = closed({
  scheme: Type.String({
    pattern: '^(?:[0-9]{4}|[A-Z]{2})$',
    description: 'Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany).',
    examples: ['0208'],
  }),
  value: Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\s\\p{Cc}]+$', examples: ['0123456749'] }),
})
/** A reference that the other party gave, in one line. */
const Reference = Type.String({ maxLength: 255, pattern: '^[^\\p{Cc}]*$' })

/** What a buyer wants to find on its invoices, by whole or by one. */
export const buyerReferences = {
  buyerReference: Type.Optional(
    nullable({ ...Reference, description: 'Assigned by the buyer; in Germany the Leitweg-ID (BT-10).' }),
  ),
  purchaseOrder: Type.Optional(nullable({ ...Reference, description: "The buyer's order (BT-13)." })),
}

const party = {
  legalName: Type.Optional(FreeText),
  taxId: Type.Optional(like('B58378431')),
  postalAddress: Type.Optional(FreeText),
  postalCode: Type.Optional(FreeText),
  town: Type.Optional(FreeText),
  province: Type.Optional(FreeText),
  country: Type.Optional(nullable(Country)),
  endpointId: Type.Optional(nullable(EndpointId)),
  contactName: Type.Optional(FreeText),
}

/** Who gets a client's invoices. */
export const InvoiceData = closed({ ...party, ...buyerReferences, email: Type.Optional(Email) })

/** Who issues a brand's invoices. */
export const Issuer = closed({
  ...party,
  email: Type.Optional(FreeText),
  phone: Type.Optional(FreeText),
  iban: Type.Optional(like('ES9121000418450200051332')),
  bic: Type.Optional(like('CAIXESBBXXX')),
  registration: Type.Optional(FreeText),
  creditorId: Type.Optional(
    Type.String({
      ...FreeText,
      description: 'Of who collects by SEPA direct debit.',
      examples: ['DE98ZZZ09999999999'],
    }),
  ),
})

/** The mandate by which a client's invoices are collected from its account (SEPA direct debit). */
export const DirectDebit = closed({
  mandateId: Type.String({
    pattern: "^[A-Za-z0-9+?/:().,' -]{1,35}$",
    description: 'Unique with the creditor; 35 characters that banks take.',
  }),
  signedDay: Day,
  scheme: Type.Optional(oneOf(['core', 'b2b'], 'core by default; b2b between businesses alone.')),
  iban: like('ES9121000418450200051332'),
  bic: Type.Optional(like('CAIXESBBXXX')),
  accountHolder: Type.Optional(Name),
})

/** Who a brand's mails come from, and who gets a blind copy of each. */
export const BrandMail = closed({
  fromName: Type.Optional(
    nullable(
      Type.String({
        maxLength: 255,
        pattern: '^[^\\S\\p{Cc}\\u2028\\u2029]*[^\\p{Cc}\\s][^\\p{Cc}\\u2028\\u2029]*$',
        description: 'As the mail shows it; null: the name of the brand.',
      }),
    ),
  ),
  fromAddress: Type.Optional(nullable({ ...MailAddress, description: 'null: the one of MAIL_FROM.' })),
  replyTo: Type.Optional(nullable(MailAddress)),
  bcc: Type.Optional(nullable({ ...MailAddress, description: 'Gets a copy of each mail that was sent.' })),
})

/** When a brand reminds of invoices that are overdue. */
export const InvoiceReminders = closed({
  daysAfterDue: Type.Array(Type.Integer({ minimum: 1, maximum: 365 }), {
    minItems: 1,
    maxItems: 10,
    uniqueItems: true,
    description:
      'Each step is told once, while the invoice is not paid; of several that are missed, the last.',
    examples: [[3, 10, 30]],
  }),
})

export const PortalVisibility = closed({
  invoices: Type.Optional(Type.Boolean()),
  ratingProfiles: Type.Optional(Type.Boolean()),
  callPrices: Type.Optional(Type.Boolean()),
})

/** Ids of the brand's templates by kind; null: the brand's default one, else the built-in one. */
export const NotificationTemplates = closed({
  maxDailyUsage: Type.Optional(nullable(Uuid)),
  lowBalance: Type.Optional(nullable(Uuid)),
  invoice: Type.Optional(nullable(Uuid)),
  invoiceReminder: Type.Optional(nullable(Uuid)),
  paymentReceipt: Type.Optional(nullable(Uuid)),
  callReport: Type.Optional(nullable(Uuid)),
  spendGuard: Type.Optional(nullable(Uuid)),
  allowanceLow: Type.Optional(nullable(Uuid)),
})

export const Recording = closed({
  onDemand: Type.Optional(oneOf(['off', 'sipInfo', 'serviceCode'])),
  serviceCode: Type.Optional(
    nullable(
      Type.String({ pattern: '^[0-9]{1,3}$', description: 'With `serviceCode` alone.', examples: [null] }),
    ),
  ),
  clientMayRemove: Type.Optional(Type.Boolean()),
})

const ReasonCodes = closed({
  sip: Type.Optional(Type.Integer({ minimum: 400, maximum: 699 })),
  phrase: Type.Optional(Name),
  q850: Type.Optional(Type.Integer({ minimum: 1, maximum: 127 })),
  announcement: Type.Optional(nullable(Type.String({ pattern: '^[a-z0-9-]{1,64}$' }))),
})
/** What a brand's engines are told instead, by reason. */
export const ReasonOverrides = Type.Unsafe<Record<string, Static<typeof ReasonCodes>>>(
  closed(Object.fromEntries(hangupReasons.map((reason) => [reason, Type.Optional(ReasonCodes)]))),
)

const Address = Type.String({
  pattern: '^[A-Za-z0-9_.:;=@\\[\\]/?&%+-]{1,255}$',
  description: 'Host, host:port or URI.',
  examples: ['media1.example.com:2223'],
})
/** An application server. */
export const NamedAddress = closed({ name: Name, address: Address })
export const Relays = Type.Array(NamedAddress, { minItems: 1, maxItems: 100 })

/** A deck of a rating plan and when it holds. */
export const PlanEntry = closed({
  rateDeckId: Uuid,
  weight: Type.Optional(Type.Integer({ default: 0 })),
  days: Type.Optional(
    nullable(Type.Array(Type.Integer(), { maxItems: 7, description: '1 (Monday) to 7; null: every day.' })),
  ),
  from: Type.Optional(WallClock),
  to: Type.Optional(Type.String({ ...WallClock, examples: ['20:00'] })),
  originPrefixes: Type.Optional(
    nullable(
      Type.Array(Type.String({ maxLength: 32 }), {
        maxItems: 1000,
        description: "Leading digits of the caller's number; null: whoever calls, known or not.",
        examples: [['1212', '1646']],
      }),
    ),
  ),
  calendarId: Type.Optional(
    nullable(
      Type.String({
        format: 'uuid',
        description: 'The window is also asked for the date it begins on; null: every date.',
      }),
    ),
  ),
  calendar: Type.Optional(
    nullable(oneOf(calendarModes, "on: on the calendar's days alone; not-on: on all others.")),
  ),
})

const dateProperties = {
  month: Type.Integer({ minimum: 1, maximum: 12 }),
  day: Type.Integer({ minimum: 1, maximum: 31 }),
  easter: Type.Integer({ minimum: -150, maximum: 150 }),
}
/** Which members go together is checked in `tariffs/check-calendar.ts`: a schema says no choice of several. */
export const CalendarDays = Type.Array(
  Type.Unsafe<CalendarDay>({
    type: ['string', 'object'],
    pattern: '^\\d{4}-\\d{2}-\\d{2}$',
    properties: dateProperties,
    additionalProperties: false,
    description:
      'A date; or month and day of each year; or days from Easter Sunday of the western churches (-2 is Good Friday).',
    examples: ['2026-12-25', { month: 1, day: 6 }, { easter: -2 }],
  }),
  { minItems: 1, maxItems: 1000 },
)

/** How the entries of a plan are kept: with the calendar's days as they were then. */
export const StoredPlanEntry = closed({
  ...PlanEntry.properties,
  calendarDays: Type.Optional(CalendarDays),
})

const AccountNumber = Type.String({ pattern: '^[0-9A-Za-z.-]{1,32}$', examples: ['430000'] })
/** Numbers of a brand's accounts, for the journal of its bookkeeping. */
export const JournalAccounts = closed({
  receivables: Type.Optional(AccountNumber),
  bank: Type.Optional(AccountNumber),
  sales: Type.Optional(AccountNumber),
  tax: Type.Optional(AccountNumber),
  byTax: Type.Optional(
    Type.Array(
      closed({
        category: oneOf(['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M']),
        rate: Type.String({ pattern: '^(?:100|\\d{1,2}(?:\\.\\d{1,4})?)$', examples: ['21'] }),
        sales: Type.Optional(AccountNumber),
        tax: Type.Optional(AccountNumber),
      }),
      {
        maxItems: 100,
        description: 'Instead of `sales` and `tax`, where a category and rate have accounts of their own.',
      },
    ),
  ),
})
