/**
 * Types of the HTTP API, made by `npm run client:generate` from the schemas that check the traffic. Not edited by hand.
 */

/** A file as it is, such as CSV. */
export type FileBody = string | Uint8Array | ReadableStream<Uint8Array> | Blob | FormData

export type Brand = {
  id: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** ISO 4217. */
  currency: string
  /** IANA time zone. */
  timeZone?: string
  /** BCP 47. */
  language?: string
  /** 0: unlimited. */
  maxCalls?: number
  specialNumbers?: string[]
  freeNumbers?: string[]
  /** How national numbers become E.164. */
  numbering?: {
    countryCode: string
    internationalPrefixes: string[]
    nationalPrefix: string
    nationalLengths: number[]
  } | null
  maxRingSeconds?: number
  lostEndPolicy?: "zero" | "last-known" | "cap"
  reasonProfile?: "standard" | "ivozprovider"
  /** Details of calls are removed this many local days after the call, once it is invoiced and paid; sums stay. null: never. Dead letters, denials and imports go after as many days, at the latest after RECORDS_MAX_AGE_DAYS. */
  retentionDays?: number | null
  reasonOverrides?: {
    invalid_number?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    unknown_client?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    client_suspended?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    ip_not_allowed?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    no_rating_profile?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    destination_not_priced?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    destination_blocked?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    spend_guard?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    max_calls_reached?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    daily_limit_reached?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    insufficient_balance?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    service_unavailable?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    maximum_price_reached?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    maximum_duration_reached?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    call_id_reused?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
    by_operator?: {
      sip?: number
      /** Text without control characters, and not of blanks alone. */
      phrase?: string
      q850?: number
      announcement?: string | null
    }
  }
  issuer?: {
    /** Text without control characters but tabs and line ends. */
    legalName?: string
    /** Text without control characters but tabs and line ends. */
    taxId?: string
    /** Text without control characters but tabs and line ends. */
    postalAddress?: string
    /** Text without control characters but tabs and line ends. */
    postalCode?: string
    /** Text without control characters but tabs and line ends. */
    town?: string
    /** Text without control characters but tabs and line ends. */
    province?: string
    /** ISO 3166-1 alpha-2. */
    country?: string | null
    endpointId?: {
      /** Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany). */
      scheme: string
      value: string
    } | null
    /** Text without control characters but tabs and line ends. */
    contactName?: string
    /** Text without control characters but tabs and line ends. */
    email?: string
    /** Text without control characters but tabs and line ends. */
    phone?: string
    /** Text without control characters but tabs and line ends. */
    iban?: string
    /** Text without control characters but tabs and line ends. */
    bic?: string
    /** Text without control characters but tabs and line ends. */
    registration?: string
    /** Of who collects by SEPA direct debit. */
    creditorId?: string
  } | null
  /** PNG or JPEG as a data URL. */
  logo?: string | null
  /** The profile of e-invoices of clients that have none; null: `en16931`. */
  eInvoiceProfile?: "en16931" | "peppol-bis-3" | "xrechnung-3" | null
  /** Account numbers in the report `journal`; null: their names. */
  journalAccounts?: {
    receivables?: string
    bank?: string
    sales?: string
    tax?: string
    /** Instead of `sales` and `tax`, where a category and rate have accounts of their own. */
    byTax?: {
      category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
      rate: string
      sales?: string
      tax?: string
    }[]
  } | null
  /** Refuses to issue an invoice that has warnings: 409 `invoice_not_ready`. */
  issueOnlyWhenReady?: boolean
  /** Number sequence of credit notes. null: the one of the invoice that they correct. */
  creditNoteSequenceId?: string | null
  /** Calls that changed after their invoice are corrected by a line of the next invoice, or by a credit note issued with it; an issuer in ES always does the latter. */
  corrections?: "invoice" | "credit-note"
  mail?: {
    /** As the mail shows it; null: the name of the brand. */
    fromName?: string | null
    /** null: the one of MAIL_FROM. */
    fromAddress?: string | null
    replyTo?: string | null
    /** Gets a copy of each mail that was sent. */
    bcc?: string | null
  } | null
  invoiceReminders?: {
    /** Each step is told once, while the invoice is not paid; of several that are missed, the last. */
    daysAfterDue: number[]
  } | null
  /** Whether a payment of an invoice is confirmed by mail (true). */
  paymentReceipts?: boolean
  /** Whether grants of outbound legs name the carriers for the number, the cheapest first (false). */
  leastCostRouting?: boolean
  /** How long the call is that costs of carriers are compared by (180). */
  lcrSeconds?: number
  warnings?: string[]
  /** With `check=eInvoice`: fields that the profile of its e-invoices needs. */
  missing?: {
    profile: "en16931" | "peppol-bis-3" | "xrechnung-3"
    rule: string
    pointer: string
    detail: string
  }[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Client = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** A DNS name, unique on the platform; answered in lower case. */
  sipDomain: string
  suspended?: boolean
  features?: ("billing" | "invoices" | "recordings" | "voiceNotifications" | "queues" | "conferences" | "faxes" | "friends")[]
  billingMethod?: "postpaid" | "prepaid" | "pseudoprepaid" | "none"
  corporationId?: string | null
  /** BCP 47. */
  language?: string
  /** ISO 3166-1 alpha-2. */
  countryCode?: string | null
  /** IANA time zone. */
  timeZone?: string
  /** ISO 4217. */
  currency?: string
  /** How national numbers become E.164. */
  numbering?: {
    countryCode: string
    internationalPrefixes: string[]
    nationalPrefix: string
    nationalLengths: number[]
  } | null
  /** 0: unlimited. */
  maxCalls?: number
  maxCallSeconds?: number
  filterByIp?: boolean
  geoIpAllowedCountries?: string[]
  /** Decimal text, not negative. */
  maxDailyUsage?: string | null
  maxDailyUsageEmail?: string | null
  /** Decimal text, not negative. */
  creditLimit?: string | null
  invoiceData?: {
    /** Text without control characters but tabs and line ends. */
    legalName?: string
    /** Text without control characters but tabs and line ends. */
    taxId?: string
    /** Text without control characters but tabs and line ends. */
    postalAddress?: string
    /** Text without control characters but tabs and line ends. */
    postalCode?: string
    /** Text without control characters but tabs and line ends. */
    town?: string
    /** Text without control characters but tabs and line ends. */
    province?: string
    /** ISO 3166-1 alpha-2. */
    country?: string | null
    endpointId?: {
      /** Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany). */
      scheme: string
      value: string
    } | null
    /** Text without control characters but tabs and line ends. */
    contactName?: string
    /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
    buyerReference?: string | null
    /** The buyer's order (BT-13). */
    purchaseOrder?: string | null
    email?: string
  } | null
  /** The profile of its e-invoices; null: the brand's. */
  eInvoiceProfile?: "en16931" | "peppol-bis-3" | "xrechnung-3" | null
  directDebit?: {
    /** Unique with the creditor; 35 characters that banks take. */
    mandateId: string
    /** YYYY-MM-DD, local to the client. */
    signedDay: string
    /** core by default; b2b between businesses alone. */
    scheme?: "core" | "b2b"
    /** Text without control characters but tabs and line ends. */
    iban: string
    /** Text without control characters but tabs and line ends. */
    bic?: string
    /** Text without control characters, and not of blanks alone. */
    accountHolder?: string
  } | null
  taxIds?: string[]
  /** Prices of calls, fixed costs, discounts and minimums include the tax. Fixed once the client has money. */
  pricesIncludeTax?: boolean
  portalVisibility?: {
    invoices?: boolean
    ratingProfiles?: boolean
    callPrices?: boolean
  }
  notificationTemplates?: {
    maxDailyUsage?: string | null
    lowBalance?: string | null
    invoice?: string | null
    invoiceReminder?: string | null
    paymentReceipt?: string | null
    callReport?: string | null
    spendGuard?: string | null
    allowanceLow?: string | null
  }
  outgoingDdi?: string | null
  mediaRelaySetId?: string | null
  /** Seen and set by the platform alone. */
  distributeMethod?: "hash" | "roundRobin" | "static"
  applicationServerId?: string | null
  recording?: {
    onDemand?: "off" | "sipInfo" | "serviceCode"
    /** With `serviceCode` alone. */
    serviceCode?: string | null
    clientMayRemove?: boolean
  }
  failurePolicy?: "deny" | "allow"
  /** Whether unallocated money settles open invoices by itself; true by default. */
  autoAllocate?: boolean
  warnings?: string[]
  /** With `check=eInvoice`: fields that the profile of its e-invoices needs. */
  missing?: {
    profile: "en16931" | "peppol-bis-3" | "xrechnung-3"
    rule: string
    pointer: string
    detail: string
  }[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type AuthorizedSource = {
  id: string
  /** An IPv4 or IPv6 address or CIDR range. */
  cidr: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type RatingProfile = {
  id: string
  clientId: string
  ratingPlanId: string
  /** RFC 3339, answered in UTC with Z. */
  activatesAt: string
  /** Which legs it prices (outbound). Inbound ones by the number they came in on. */
  direction?: "outbound" | "inbound"
  ratingPlanName: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type BalanceAlert = {
  id: string
  /** Decimal text. */
  threshold: string
  email: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type Movement = {
  id: string
  seq: number
  kind: "top-up" | "adjustment" | "charge" | "overrun" | "correction" | "invoice" | "payment" | "fee"
  /** Decimal text. */
  amount: string
  /** Decimal text. */
  balanceAfter: string
  /** ISO 4217. */
  currency: string
  callId: string | null
  invoiceId?: string | null
  reference: string | null
  actor: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type Corporation = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type MediaRelaySet = {
  id: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  relays: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    /** Host, host:port or URI. */
    address: string
  }[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type ApplicationServer = {
  id: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** Host, host:port or URI. */
  address: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Call = {
  clientId: string
  callId: string
  direction: "outbound" | "inbound"
  status: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
  reason: "invalid_number" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | null
  from: string | null
  to: string
  toNormalized: string | null
  /** RFC 3339, answered in UTC with Z. */
  startedAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  answeredAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  endedAt: string | null
  durationSeconds: number | null
  billedSeconds: number | null
  /** Decimal text. */
  price?: string | null
  /** ISO 4217. */
  currency?: string | null
  destination: string | null
  prefix: string | null
  /** YYYY-MM-DD, local to the client. */
  usageDay: string | null
  ratingPlanId?: string | null
  ratingProfileId?: string | null
  rateDeckId?: string | null
  labels: Record<string, string>
  engine: string | null
  engineRef: string | null
  sipCallId: string | null
  forwardedFrom: string | null
  toClientId: string | null
  fromClientId: string | null
  special: boolean
  internal: boolean
  cause: number | null
  sipCode: number | null
  endedBy: string | null
  flags: string[]
  /** RFC 3339, answered in UTC with Z. */
  authorizedAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  expiresAt: string | null
  maxDurationSeconds?: number | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  settledAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  cutAt: string | null
  carrier?: string | null
  carrierId?: string | null
  /** Decimal text. */
  cost?: string | null
  costCurrency?: string | null
  costReason?: string | null
  /** Decimal text. */
  margin?: string | null
  coveredSeconds: number | null
  allowances?: {
    allowanceId: string
    /** YYYY-MM-DD, local to the client. */
    from: string
    item: string
    unit: "seconds" | "calls" | "money"
    amount: number | string
  }[]
  invoiceId?: string | null
  destinationChanged: boolean
  explanation?: unknown
  waiver?: {
    reason: string
    actor: string
    /** RFC 3339, answered in UTC with Z. */
    waivedAt: string
  }
}

export type RunningCall = {
  clientId: string
  callId: string
  direction: "outbound" | "inbound"
  status: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
  reason: "invalid_number" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | null
  from: string | null
  to: string
  toNormalized: string | null
  /** RFC 3339, answered in UTC with Z. */
  startedAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  answeredAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  endedAt: string | null
  durationSeconds: number | null
  billedSeconds: number | null
  /** Decimal text. */
  price?: string | null
  /** ISO 4217. */
  currency?: string | null
  destination: string | null
  prefix: string | null
  /** YYYY-MM-DD, local to the client. */
  usageDay: string | null
  ratingPlanId?: string | null
  ratingProfileId?: string | null
  rateDeckId?: string | null
  labels: Record<string, string>
  engine: string | null
  engineRef: string | null
  sipCallId: string | null
  forwardedFrom: string | null
  toClientId: string | null
  fromClientId: string | null
  special: boolean
  internal: boolean
  cause: number | null
  sipCode: number | null
  endedBy: string | null
  flags: string[]
  /** RFC 3339, answered in UTC with Z. */
  authorizedAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  expiresAt: string | null
  maxDurationSeconds?: number | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  settledAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  cutAt: string | null
  carrier?: string | null
  carrierId?: string | null
  /** Decimal text. */
  cost?: string | null
  costCurrency?: string | null
  costReason?: string | null
  /** Decimal text. */
  margin?: string | null
  coveredSeconds: number | null
  allowances?: {
    allowanceId: string
    /** YYYY-MM-DD, local to the client. */
    from: string
    item: string
    unit: "seconds" | "calls" | "money"
    amount: number | string
  }[]
  invoiceId?: string | null
  destinationChanged: boolean
  /** Decimal text. */
  reserved?: string
  /** Decimal text. */
  priceSoFar?: string | null
}

export type SpendGuard = {
  id: string
  brandId?: string
  /** null: each client of the brand, singly. */
  clientId?: string | null
  /** Text without control characters, and not of blanks alone. */
  name: string
  enabled?: boolean
  when?: {
    /** 1 (Monday) to 7; null: every day. */
    days?: number[] | null
    from?: string
    /** Earlier than `from`: on the next day. */
    to?: string
    /** null: the client's. */
    timeZone?: string | null
  } | null
  /** Leading digits of the numbers called, as E.164; null: whatever number. */
  prefixes?: string[] | null
  /** Satellites, premium and shared-cost numbers, or what a rate says of itself. */
  highRisk?: true | null
  /** One at least. */
  limits: {
    /** In the brand's currency. */
    spendPerHour?: string
    /** Of the last 24 hours. */
    spendPerDay?: string
    callsPerMinute?: number
    runningCalls?: number
    distinctNumbersPerHour?: number
    /** A country without an answered call of the client in 90 days. Decides for its limit alone, whatever the action. */
    newCountries?: "alert" | "deny"
  }
  action?: "alert" | "deny" | "deny-and-hang-up"
  /** Who is told. null: the client's `maxDailyUsageEmail`, else the brand's reply address or sender. */
  email?: string | null
  /** The brand's: of the guard's amounts. */
  currency?: string
  warnings?: string[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type ReRating = {
  id: string
  status: "running" | "done" | "failed"
  dryRun: boolean
  /** As asked. */
  request: Record<string, unknown>
  callsTotal: number
  callsDone: number
  /** How many calls came to each outcome. */
  counts: Record<string, number>
  /** Sums of the prices of its calls. */
  totals: {
    /** ISO 4217. */
    currency: string
    /** Decimal text. */
    before: string
    /** Decimal text. */
    after: string
    /** Decimal text. */
    difference: string
  }[]
  error: string | null
  actor: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  finishedAt: string | null
  /** In the order of the answers. */
  differences: {
    clientId: string
    callId: string
    /** unpriceable: keeps its price; invoiced: stands on an issued invoice and was left alone; waived: stays free; skipped: has no price to change. */
    outcome: "changed" | "unchanged" | "unpriceable" | "invoiced" | "waived" | "skipped"
    reason: string | null
    /** Decimal text. */
    priceBefore: string | null
    /** Decimal text. */
    priceAfter: string | null
    /** Decimal text. */
    difference: string
    /** ISO 4217. */
    currency: string | null
    invoiceId: string | null
  }[]
  nextCursor: string | null
}

export type Tax = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** Percent. */
  rate: string
  /** S standard, Z zero rate, E exempt, AE reverse charge, K supply within the Union, G export, O outside the scope of VAT, L IGIC (Canary Islands), M IPSI (Ceuta, Melilla) */
  category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
  /** Text without control characters but tabs and line ends. */
  reason?: string | null
  /** The reason as a code of the list VATEX; with categories E, AE, K, G, O. */
  reasonCode?: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type FixedCost = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** Decimal text, not negative. */
  price: string
  /** ISO 4217. */
  currency: string
  quantityRule?: "static" | "maxCalls"
  prorate?: boolean
  taxId?: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type InvoiceNumberSequence = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** May hold {yyyy}, {yy} and {mm}, of the day of issue. */
  prefix: string
  width: number
  start?: number
  resetYearly?: boolean
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type InvoiceTemplate = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  isDefault?: boolean
  content: Record<string, unknown>
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type InvoiceSchedule = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  clientId?: string | null
  filter?: {
    billingMethods?: string[]
    currencies?: string[]
    timeZones?: string[]
    languages?: string[]
  }
  unit: "day" | "week" | "month" | "year"
  every?: number
  /** YYYY-MM-DD, local to the client. */
  firstDay: string
  numberSequenceId: string
  email?: string | null
  enabled?: boolean
  /** The client's by default. */
  taxIds?: string[]
  fixedCosts?: {
    fixedCostId: string
    /** A whole number, or decimal text. */
    quantity?: number | string
    /** YYYY-MM-DD, local to the client. */
    from?: string
    /** YYYY-MM-DD, local to the client. */
    to?: string
    taxId?: string
  }[]
  discounts?: {
    /** Text without control characters, and not of blanks alone. */
    description: string
    /** Decimal text, 0 to 100. */
    percent?: string
    /** Decimal text, not negative. */
    amount?: string
  }[]
  dueDays?: number
  runningCalls?: "block" | "next"
  /** Decimal text, not negative. */
  minimumMonthlyAmount?: string | null
  templateId?: string | null
  /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
  buyerReference?: string | null
  /** The buyer's order (BT-13). */
  purchaseOrder?: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Invoice = {
  id: string
  kind: "invoice" | "credit-note"
  status: "draft" | "issued" | "paid" | "overdue" | "credited"
  number: string | null
  clientId: string
  numberSequenceId: string
  /** YYYY-MM-DD, local to the client. */
  from: string
  /** YYYY-MM-DD, local to the client. */
  to: string
  /** IANA time zone. */
  timeZone: string
  /** ISO 4217. */
  currency: string
  taxes: {
    category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
    /** Decimal text. */
    rate: string
    /** Decimal text. */
    base: string
    /** Decimal text. */
    amount: string
    name: string
    reason: string | null
    reasonCode?: string
  }[]
  /** Decimal text. */
  net: string
  /** Decimal text. */
  tax: string
  /** Decimal text. */
  total: string
  /** Decimal text. */
  prepaidAmount: string
  /** Decimal text. */
  paidAmount: string
  /** Decimal text. */
  creditedAmount: string
  /** Decimal text. */
  amountDue: string
  /** RFC 3339, answered in UTC with Z. */
  issuedAt: string | null
  /** YYYY-MM-DD of the brand's calendar, as printed. */
  issueDay: string | null
  /** YYYY-MM-DD of the brand's calendar, as printed. */
  dueDay: string | null
  /** When the due day has ended in the brand's zone and in the client's: overdue from then on. */
  dueAt: string | null
  creditsInvoiceId: string | null
  reason: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
  /** null: the client's. */
  buyerReference: string | null
  /** null: the client's. */
  purchaseOrder: string | null
  lines: {
    index: number
    kind: string
    description: string
    /** Decimal text. */
    quantity: string
    /** Decimal text. */
    unitPrice: string
    /** Decimal text. */
    net: string
    taxCategory: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M" | null
    /** Decimal text. */
    taxRate: string | null
    calls: number | null
    durationSeconds: number | null
    billedSeconds: number | null
    creditsIndex: number | null
    correctsInvoiceId: string | null
  }[]
  payments?: {
    id: string
    /** Decimal text. */
    amount: string
    /** How much of it settled this invoice. */
    settledAmount: string
    reversesPaymentId: string | null
    /** RFC 3339, answered in UTC with Z. */
    paidAt: string
    method: string | null
    reference: string | null
    actor: string
    /** RFC 3339, answered in UTC with Z. */
    createdAt: string
  }[]
  /** Of drafts and previews: what the law or a reader will ask for. */
  warnings?: {
    code: "issuer_without_address" | "issuer_without_tax_id" | "client_without_legal_data" | "no_taxes" | "no_email" | "unprintable_name" | "e_invoice_incomplete"
    detail: string
  }[]
}

export type WebhookEndpoint = {
  id: string
  brandId?: string
  /** null: facts of all clients of the brand. */
  clientId?: string | null
  /** http or https, at an address that the whole internet can reach. */
  url: string
  /** Types of facts, or all below a name. */
  events: string[]
  /** Text without control characters but tabs and line ends. */
  description?: string
  enabled?: boolean
  /** `gone`: its server answered 410. null: it is on, or was turned off by hand. */
  disabledReason: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type NotificationTemplate = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** What the mail is about; fixed once made. */
  kind: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low"
  /** For clients that have chosen no other; one per kind. */
  isDefault?: boolean
  /** Language tag → content; `es` serves `es-MX`. */
  contents: Record<string, {
    /** Liquid; one line. */
    subject: string
    /** Liquid; the mail as plain text. */
    text: string
    /** Liquid; values are escaped. */
    html: string
  }>
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Mail = {
  /** The left half of its Message-ID. */
  id: string
  kind: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low" | "password-reset"
  brandId: string
  clientId: string | null
  recipient: string
  status: "pending" | "sent" | "failed" | "cancelled"
  attempts: number
  /** Of the last try, while it is not sent. */
  lastError: string | null
  /** RFC 3339, answered in UTC with Z. */
  nextAttemptAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  sentAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type DeadLetter = {
  id: string
  subject: string
  reason: "invalid_json" | "invalid_event" | "unknown_client" | "invalid_number" | "bad_duration" | "future_time" | "wrong_subject" | "call_id_reused" | "handler_error"
  detail: string
  body: string
  /** RFC 3339, answered in UTC with Z. */
  receivedAt: string
  deliveries: number
  /** RFC 3339, answered in UTC with Z. */
  redrivenAt: string | null
}

export type CallConflict = {
  id: string
  clientId: string
  callId: string
  half: "start" | "answer" | "end"
  body: string
  /** RFC 3339, answered in UTC with Z. */
  receivedAt: string
}

export type ApiKey = {
  id: string
  name: string
  role: "platform" | "brand" | "client" | "engine" | "finance"
  brandId: string | null
  clientId: string | null
  scopes: string[] | null
  /** First characters, to tell keys apart. */
  prefix: string
  /** RFC 3339, answered in UTC with Z. */
  expiresAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  revokedAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  lastUsedAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type Admin = {
  id: string
  clientId: string
  /** Unique within the client in any case of letters; may be a mail address. */
  username: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  email: string | null
  /** Cannot log in, and is logged out. */
  suspended: boolean
  /** Whether `rights` limits this admin. */
  restricted: boolean
  /** Resource → letters; what is not named is refused. Counts where `restricted` is true. */
  rights: Record<string, string>
  hasPassword: boolean
  /** RFC 3339, answered in UTC with Z. */
  lastLoginAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type BrandAdmin = {
  id: string
  brandId: string
  /** Unique within the brand in any case of letters. */
  username: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  email: string | null
  /** Cannot log in, and is logged out. */
  suspended: boolean
  /** owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads. */
  role: "owner" | "operator" | "finance" | "viewer"
  hasPassword: boolean
  /** RFC 3339, answered in UTC with Z. */
  lastLoginAt: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type AuthorizationAnswer = {
  callId: string
  clientId: string | null
  allowed: boolean
  toNormalized?: string | null
  special?: boolean
  internal?: boolean
  maxDurationSeconds?: number
  /** RFC 3339, answered in UTC with Z. */
  expiresAt?: string
  rate?: {
    destination: string
    prefix: string
    /** ISO 4217. */
    currency: string
    /** Decimal text. */
    connectFee: string
    steps: {
      fromSecond: number
      /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
      rate: string
      perSeconds: number
      incrementSeconds: number
    }[]
    ratingPlanId: string
    ratingProfileId: string
    rateDeckId: string
  } | null
  routing?: {
    outgoingDdi: string | null
    mediaRelaySet: {
      id: string
      name: string
      relays: {
        name: string
        address: string
      }[]
    } | null
    applicationServer: {
      id: string
      name: string
      address: string
    } | null
    recording: {
      onDemand: "off" | "sipInfo" | "serviceCode"
      serviceCode: string | null
      clientMayRemove: boolean
    }
    /** With `leastCostRouting` of the brand, of outbound legs: the carriers for the number, the cheapest first. `cost` is of a call of `lcrSeconds`, in `currency`. */
    carriers?: {
      code: string
      /** Decimal text. */
      cost: string
      /** ISO 4217. */
      currency: string
    }[]
  }
  /** The first check that the leg did not pass. */
  reason?: "invalid_number" | "unknown_client" | "client_suspended" | "ip_not_allowed" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | "spend_guard" | "max_calls_reached" | "daily_limit_reached" | "insufficient_balance" | "service_unavailable"
  /** With the reason `spend_guard`. */
  guard?: {
    id: string
    name: string
  }
  sip?: {
    code: number
    phrase: string
  }
  q850?: number
  announcement?: string | null
  language?: string | null
}

export type Hangup = {
  callId: string
  clientId: string
  engine: string | null
  engineRef: string | null
  reason: "invalid_number" | "unknown_client" | "client_suspended" | "ip_not_allowed" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | "spend_guard" | "max_calls_reached" | "daily_limit_reached" | "insufficient_balance" | "service_unavailable" | "maximum_price_reached" | "maximum_duration_reached" | "call_id_reused" | "by_operator"
  sip: {
    code: number
    phrase: string
  }
  q850: number
  announcement: string | null
  /** RFC 3339, answered in UTC with Z. */
  at: string
  /** RFC 3339, answered in UTC with Z. */
  endBy: string
}

export type RateDeck = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** ISO 4217. */
  currency: string
  rounding?: {
    mode?: "up" | "down" | "half-up" | "half-even"
    /** Of the price of a call. */
    decimals?: number
  }
  /** The system whose import made it; null: made by hand. */
  source: string | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type RatingPlan = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** ISO 4217. */
  currency: string
  /** IANA time zone. */
  timeZone?: string | null
  entries?: {
    rateDeckId: string
    weight?: number
    /** 1 (Monday) to 7; null: every day. */
    days?: number[] | null
    from?: string
    to?: string
    /** Leading digits of the caller's number; null: whoever calls, known or not. */
    originPrefixes?: string[] | null
    /** The window is also asked for the date it begins on; null: every date. */
    calendarId?: string | null
    /** on: on the calendar's days alone; not-on: on all others. */
    calendar?: "on" | "not-on" | null
  }[]
  /** The system whose import made it; null: made by hand. */
  source: string | null
  version: number
  /** RFC 3339, answered in UTC with Z. */
  effectiveAt: string
  warnings?: {
    pointer: string
    code: string
    detail: string
  }[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type AllowancePlan = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** ISO 4217. */
  currency: string
  period: "day" | "week" | "month"
  /** Decimal text, not negative. */
  fee: string
  /** Empty: a plain recurring fee. */
  items: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    /** What numbers begin with; `*`: all numbers. */
    prefixes: string[]
    unit: "seconds" | "calls" | "money"
    /** Of a whole period: an integer of seconds or calls, decimal text of money. */
    amount: number | string
    coversConnectFee?: boolean
    /** What is left goes into the next period, and lapses with it. */
    rollover?: boolean
    /** The heaviest is drawn first. */
    weight?: number
  }[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Allowance = {
  id: string
  allowancePlanId: string
  /** YYYY-MM-DD, local to the client. */
  from: string
  /** The first day after it; null: without end. */
  to?: string | null
  quantity?: number
  /** The first and the last period count by their days. */
  prorate?: boolean
  /** Who is told at 80 and 100 % used. */
  email?: string | null
  /** Text without control characters, and not of blanks alone. */
  allowancePlanName: string
  /** The present one, or that of `day`, once it has begun. */
  periods: {
    /** YYYY-MM-DD, local to the client. */
    from: string
    /** YYYY-MM-DD, local to the client. */
    to: string
    /** `unpaid`: it gives nothing yet; `lapsed`: it never will. */
    status: "active" | "unpaid" | "lapsed"
    /** Decimal text. */
    fee?: string
    items: {
      name: string
      unit: "seconds" | "calls" | "money"
      /** Seconds and calls are integers, money is decimal text. */
      amount: number | string
      /** Seconds and calls are integers, money is decimal text. */
      rolledOver: number | string
      /** Seconds and calls are integers, money is decimal text. */
      used: number | string
      /** Seconds and calls are integers, money is decimal text. */
      reserved: number | string
      /** Seconds and calls are integers, money is decimal text. */
      left: number | string
    }[]
  }[]
  /** Of one that was made: items with prefixes that no plan of the client has a rate for. No call draws there. */
  warnings?: string[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type Carrier = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** As starts and ends name it; unique within the brand. */
  code: string
  /** ISO 4217. */
  currency: string
  /** IANA time zone. */
  timeZone: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type RatingProfileOfACarrier = {
  id: string
  carrierId: string
  ratingPlanId: string
  /** RFC 3339, answered in UTC with Z. */
  activatesAt: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
}

export type ExchangeRate = {
  id: string
  brandId?: string
  /** ISO 4217. */
  base: string
  /** ISO 4217. */
  quote: string
  /** How much of the quote currency 1 of the base currency is; more than 0. */
  rate: string
  /** RFC 3339, answered in UTC with Z. */
  validFrom: string
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type ReportSchedule = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  clientId?: string | null
  report: "calls" | "usage" | "balances" | "statements" | "rejected-calls" | "denials" | "invoices" | "receivables" | "guard-events" | "margins" | "allowances" | "tax" | "journal"
  format: "json" | "csv" | "xlsx" | "parquet"
  /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
  flavour?: "raw" | "spreadsheet"
  /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
  locale?: string | null
  filter?: {
    status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
    direction?: "outbound" | "inbound"
    /** Leading digits. */
    toNormalized?: string
    destination?: string
    /** name:value */
    label?: string
    datedBy?: "period" | "issue"
    /** Only groups whose margin is less. */
    below?: string
    /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
    currency?: string
  }
  groupBy?: string | null
  unit: "day" | "week" | "month"
  every?: number
  /** YYYY-MM-DD, local to the client. */
  firstDay: string
  /** IANA time zone. */
  timeZone?: string | null
  /** Waited for after the last day; 60. */
  delayMinutes?: number
  emails?: string[]
  directory?: string | null
  enabled?: boolean
  delivered: {
    periods: number
    /** YYYY-MM-DD, local to the client. */
    lastPeriodTo: string | null
    waiting: number
    lastError: Record<string, unknown> | null
    /** RFC 3339, answered in UTC with Z. */
    nextAttemptAt: string | null
  }
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Calendar = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  days: (string | {
    month?: number
    day?: number
    easter?: number
  })[]
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type ImportMapping = {
  id: string
  brandId?: string
  /** Text without control characters, and not of blanks alone. */
  name: string
  /** How a sheet is read whose headings do not say it all: see docs/rate-sheets.md. */
  mapping: {
    /** Of a workbook: its name, or its position from 1. */
    sheet?: string | number
    /** null or 0: there is none, and columns are positions. */
    headerLine?: number | null
    /** One character. */
    separator?: string
    encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1252" | "iso-8859-1" | "iso-8859-2" | "iso-8859-15" | "macintosh"
    decimalMark?: "." | ","
    thousandsMark?: "." | "," | " " | "'"
    /** Luxon tokens. */
    dateFormat?: string
    /** IANA time zone. */
    timeZone?: string
    columns?: {
      /** A heading, a position from 1, or a list of them that is joined. */
      prefix?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      destination?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      rate?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      increment?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      initialIncrement?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      intervalStart?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      perSeconds?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      connectFee?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      minimumPrice?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      maximumPrice?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      maximumPriceAction?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      blocked?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      graceSeconds?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      highRisk?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      prefixTo?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      effectiveAt?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      currency?: string | number | (string | number)[]
    }
    constants?: {
      /** Amounts as decimal text. */
      prefix?: string | number | boolean
      /** Amounts as decimal text. */
      destination?: string | number | boolean
      /** Amounts as decimal text. */
      rate?: string | number | boolean
      /** Amounts as decimal text. */
      increment?: string | number | boolean
      /** Amounts as decimal text. */
      initialIncrement?: string | number | boolean
      /** Amounts as decimal text. */
      intervalStart?: string | number | boolean
      /** Amounts as decimal text. */
      perSeconds?: string | number | boolean
      /** Amounts as decimal text. */
      connectFee?: string | number | boolean
      /** Amounts as decimal text. */
      minimumPrice?: string | number | boolean
      /** Amounts as decimal text. */
      maximumPrice?: string | number | boolean
      /** Amounts as decimal text. */
      maximumPriceAction?: string | number | boolean
      /** Amounts as decimal text. */
      blocked?: string | number | boolean
      /** Amounts as decimal text. */
      graceSeconds?: string | number | boolean
      /** Amounts as decimal text. */
      highRisk?: string | number | boolean
      /** Amounts as decimal text. */
      prefixTo?: string | number | boolean
      /** Amounts as decimal text. */
      effectiveAt?: string | number | boolean
      /** Amounts as decimal text. */
      currency?: string | number | boolean
    }
    /** The prefix column has names: "numbering" takes them for countries (names or ISO 3166 letters), a list gives their prefixes. */
    prefixTable?: string | {
      name: string
      prefixes: string[]
    }[]
    unit?: "minute" | "second" | "call"
    /** Multiplies every amount of the file. */
    scale?: string
    strip?: string
    prepend?: string
    onlyRows?: {
      /** A heading, or a position from 1. */
      column: string | number
      in: string[]
    }[]
    removeWhere?: {
      /** A heading, or a position from 1. */
      column: string | number
      in: string[]
    }[]
    duplicates?: "refuse" | "identical" | "last" | "dearest"
    /** true: every column that is not known or named; false: none. */
    ignoreColumns?: boolean | (string | number)[]
    skipTrailer?: number
    /** Of a sheet with prices for several times of day: each makes a deck, and an entry of the plan. */
    windows?: {
      /** Text without control characters, and not of blanks alone. */
      name: string
      columns: {
        /** A heading, a position from 1, or a list of them that is joined. */
        prefix?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        destination?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        rate?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        increment?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        initialIncrement?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        intervalStart?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        perSeconds?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        connectFee?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        minimumPrice?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        maximumPrice?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        maximumPriceAction?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        blocked?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        graceSeconds?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        highRisk?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        prefixTo?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        effectiveAt?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        currency?: string | number | (string | number)[]
      }
      weight?: number
      /** 1 (Monday) to 7; null: every day. */
      days?: number[] | null
      from?: string
      to?: string
      /** Leading digits of the caller's number; null: whoever calls, known or not. */
      originPrefixes?: string[] | null
      /** The window is also asked for the date it begins on; null: every date. */
      calendarId?: string | null
      /** on: on the calendar's days alone; not-on: on all others. */
      calendar?: "on" | "not-on" | null
    }[]
  }
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  updatedAt: string
}

export type Import = {
  id: string
  rateDeckId: string
  mode: "replace" | "merge"
  dryRun: boolean
  status: "queued" | "running" | "applied" | "rejected" | "dry-run"
  rowsRead: number
  rowsTotal: number | null
  /** The first bad rows, for 30 days; errors.csv has more. */
  errors: {
    line: number | null
    column: string | null
    code: string
    detail: string
    value: string | null
  }[]
  errorsTotal: number
  warnings: {
    line: number | null
    code: string
    detail: string
  }[]
  /** { added, changed, removed, unchanged, kept } and the largest rises and falls. */
  summary: Record<string, unknown> | null
  /** The version of the deck that it made. */
  version: number | null
  /** RFC 3339, answered in UTC with Z. */
  createdAt: string
  /** RFC 3339, answered in UTC with Z. */
  finishedAt: string | null
}

export type InspectedSheet = {
  separator: string | null
  encoding: string | null
  headerLine: number | null
  columns: {
    position: number
    heading: string
    /** What it was recognised as; null: nothing. */
    column: string | null
    sample: string
  }[]
  /** How a sheet is read whose headings do not say it all: see docs/rate-sheets.md. */
  mapping: {
    /** Of a workbook: its name, or its position from 1. */
    sheet?: string | number
    /** null or 0: there is none, and columns are positions. */
    headerLine?: number | null
    /** One character. */
    separator?: string
    encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1252" | "iso-8859-1" | "iso-8859-2" | "iso-8859-15" | "macintosh"
    decimalMark?: "." | ","
    thousandsMark?: "." | "," | " " | "'"
    /** Luxon tokens. */
    dateFormat?: string
    /** IANA time zone. */
    timeZone?: string
    columns?: {
      /** A heading, a position from 1, or a list of them that is joined. */
      prefix?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      destination?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      rate?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      increment?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      initialIncrement?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      intervalStart?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      perSeconds?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      connectFee?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      minimumPrice?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      maximumPrice?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      maximumPriceAction?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      blocked?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      graceSeconds?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      highRisk?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      prefixTo?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      effectiveAt?: string | number | (string | number)[]
      /** A heading, a position from 1, or a list of them that is joined. */
      currency?: string | number | (string | number)[]
    }
    constants?: {
      /** Amounts as decimal text. */
      prefix?: string | number | boolean
      /** Amounts as decimal text. */
      destination?: string | number | boolean
      /** Amounts as decimal text. */
      rate?: string | number | boolean
      /** Amounts as decimal text. */
      increment?: string | number | boolean
      /** Amounts as decimal text. */
      initialIncrement?: string | number | boolean
      /** Amounts as decimal text. */
      intervalStart?: string | number | boolean
      /** Amounts as decimal text. */
      perSeconds?: string | number | boolean
      /** Amounts as decimal text. */
      connectFee?: string | number | boolean
      /** Amounts as decimal text. */
      minimumPrice?: string | number | boolean
      /** Amounts as decimal text. */
      maximumPrice?: string | number | boolean
      /** Amounts as decimal text. */
      maximumPriceAction?: string | number | boolean
      /** Amounts as decimal text. */
      blocked?: string | number | boolean
      /** Amounts as decimal text. */
      graceSeconds?: string | number | boolean
      /** Amounts as decimal text. */
      highRisk?: string | number | boolean
      /** Amounts as decimal text. */
      prefixTo?: string | number | boolean
      /** Amounts as decimal text. */
      effectiveAt?: string | number | boolean
      /** Amounts as decimal text. */
      currency?: string | number | boolean
    }
    /** The prefix column has names: "numbering" takes them for countries (names or ISO 3166 letters), a list gives their prefixes. */
    prefixTable?: string | {
      name: string
      prefixes: string[]
    }[]
    unit?: "minute" | "second" | "call"
    /** Multiplies every amount of the file. */
    scale?: string
    strip?: string
    prepend?: string
    onlyRows?: {
      /** A heading, or a position from 1. */
      column: string | number
      in: string[]
    }[]
    removeWhere?: {
      /** A heading, or a position from 1. */
      column: string | number
      in: string[]
    }[]
    duplicates?: "refuse" | "identical" | "last" | "dearest"
    /** true: every column that is not known or named; false: none. */
    ignoreColumns?: boolean | (string | number)[]
    skipTrailer?: number
    /** Of a sheet with prices for several times of day: each makes a deck, and an entry of the plan. */
    windows?: {
      /** Text without control characters, and not of blanks alone. */
      name: string
      columns: {
        /** A heading, a position from 1, or a list of them that is joined. */
        prefix?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        destination?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        rate?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        increment?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        initialIncrement?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        intervalStart?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        perSeconds?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        connectFee?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        minimumPrice?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        maximumPrice?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        maximumPriceAction?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        blocked?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        graceSeconds?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        highRisk?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        prefixTo?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        effectiveAt?: string | number | (string | number)[]
        /** A heading, a position from 1, or a list of them that is joined. */
        currency?: string | number | (string | number)[]
      }
      weight?: number
      /** 1 (Monday) to 7; null: every day. */
      days?: number[] | null
      from?: string
      to?: string
      /** Leading digits of the caller's number; null: whoever calls, known or not. */
      originPrefixes?: string[] | null
      /** The window is also asked for the date it begins on; null: every date. */
      calendarId?: string | null
      /** on: on the calendar's days alone; not-on: on all others. */
      calendar?: "on" | "not-on" | null
    }[]
  }
  doubts: {
    line: number | null
    column: string | null
    code: string
    detail: string
  }[]
  /** The first 20 rows as they would be read. */
  rows: {
    line: number | null
    /** As rates are answered; null where the row has errors, or takes its prefix out of the deck. */
    rate: Record<string, unknown> | null
    prefix: string | null
    /** RFC 3339, answered in UTC with Z. */
    effectiveAt: string | null
    removed: boolean
    errors: {
      line: number | null
      column: string | null
      code: string
      detail: string
      value: string | null
    }[]
  }[]
}

export type TariffImport = {
  /** With errors nothing is written: `rejected`. */
  status: "applied" | "rejected" | "dry-run"
  /** The first 100. */
  errors: {
    /** Of the body, from 1; null: the import as a whole. */
    line: number | null
    code: "repeated_name" | "unknown_currency" | "currency_mismatch" | "not_imported" | "unknown_replacement" | "unknown_rate_deck" | "unknown_calendar" | "unknown_rating_plan" | "invalid_plan"
    detail: string
  }[]
  errorsTotal: number
  /** Profiles that are not made, and decks that round otherwise than before. */
  warnings: {
    line: number
    code: "unknown_client" | "other_plan" | "rounding_changed"
    detail: string
  }[]
  rateDecks: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    id: string | null
    outcome: "added" | "changed" | "unchanged"
    rates: {
      added: number
      changed: number
      removed: number
      unchanged: number
    }
  }[]
  calendars: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    id: string | null
    outcome: "added" | "changed" | "unchanged"
  }[]
  ratingPlans: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    id: string | null
    outcome: "added" | "changed" | "unchanged"
  }[]
  ratingProfiles: {
    added: number
    unchanged: number
  }
}

export type PlanImport = {
  /** With errors nothing is written: `rejected`. */
  status: "applied" | "rejected" | "dry-run"
  /** The first 1,000. */
  errors: {
    line: number | null
    column: string | null
    code: string
    detail: string
    value: string | null
  }[]
  errorsTotal: number
  warnings: {
    line: number | null
    code: string
    detail: string
  }[]
  ratingPlan: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    id: string | null
    outcome: "added" | "changed" | "unchanged"
  } | null
  rateDecks: {
    /** Text without control characters, and not of blanks alone. */
    name: string
    id: string | null
    outcome: "added" | "changed" | "unchanged"
    rates: {
      added: number
      changed: number
      removed: number
      unchanged: number
    }
  }[]
}

export interface Operations {
  /** List: allowance plan */
  'GET /v1/allowance-plans': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: AllowancePlan[]
      nextCursor: string | null
    }
  }
  /** Create: allowance plan */
  'POST /v1/allowance-plans': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** ISO 4217. */
      currency: string
      period: "day" | "week" | "month"
      /** Decimal text, not negative. */
      fee: string
      /** Empty: a plain recurring fee. */
      items: {
        /** Text without control characters, and not of blanks alone. */
        name: string
        /** What numbers begin with; `*`: all numbers. */
        prefixes: string[]
        unit: "seconds" | "calls" | "money"
        /** Of a whole period: an integer of seconds or calls, decimal text of money. */
        amount: number | string
        coversConnectFee?: boolean
        /** What is left goes into the next period, and lapses with it. */
        rollover?: boolean
        /** The heaviest is drawn first. */
        weight?: number
      }[]
    }
    answer: AllowancePlan
  }
  /** Read: allowance plan */
  'GET /v1/allowance-plans/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: AllowancePlan
  }
  /** Change: allowance plan */
  'PATCH /v1/allowance-plans/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** ISO 4217. */
      currency?: string | null
      period?: "day" | "week" | "month" | null
      /** Decimal text, not negative. */
      fee?: string | null
      /** Empty: a plain recurring fee. */
      items?: {
        /** Text without control characters, and not of blanks alone. */
        name: string
        /** What numbers begin with; `*`: all numbers. */
        prefixes: string[]
        unit: "seconds" | "calls" | "money"
        /** Of a whole period: an integer of seconds or calls, decimal text of money. */
        amount: number | string
        coversConnectFee?: boolean
        /** What is left goes into the next period, and lapses with it. */
        rollover?: boolean
        /** The heaviest is drawn first. */
        weight?: number
      }[] | null
    }
    answer: AllowancePlan
  }
  /** Delete: allowance plan */
  'DELETE /v1/allowance-plans/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Keys */
  'GET /v1/api-keys': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
    }
    body: undefined
    answer: {
      data: ApiKey[]
      nextCursor: string | null
    }
  }
  /** Make a key */
  'POST /v1/api-keys': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name: string
      role: "platform" | "brand" | "client" | "engine" | "finance"
      brandId?: string | null
      clientId?: string | null
      scopes?: ("currencies:read" | "currencies:write" | "brands:read" | "brands:write" | "clients:read" | "clients:write" | "authorized-sources:read" | "authorized-sources:write" | "rating-profiles:read" | "rating-profiles:write" | "balance:read" | "balance:write" | "balance-movements:read" | "balance-movements:write" | "balance-alerts:read" | "balance-alerts:write" | "daily-usage:read" | "daily-usage:write" | "statement:read" | "statement:write" | "calls:read" | "calls:write" | "running-calls:read" | "running-calls:write" | "corporations:read" | "corporations:write" | "media-relay-sets:read" | "media-relay-sets:write" | "application-servers:read" | "application-servers:write" | "calendars:read" | "calendars:write" | "rate-decks:read" | "rate-decks:write" | "rates:read" | "rates:write" | "imports:read" | "imports:write" | "import-mappings:read" | "import-mappings:write" | "tariff-imports:read" | "tariff-imports:write" | "rating-plans:read" | "rating-plans:write" | "allowance-plans:read" | "allowance-plans:write" | "allowances:read" | "allowances:write" | "carriers:read" | "carriers:write" | "exchange-rates:read" | "exchange-rates:write" | "price-simulations:read" | "price-simulations:write" | "authorization-checks:read" | "authorization-checks:write" | "what-if:read" | "what-if:write" | "price-comparisons:read" | "price-comparisons:write" | "spend-guards:read" | "spend-guards:write" | "webhooks:read" | "webhooks:write" | "call-conflicts:read" | "call-conflicts:write" | "re-ratings:read" | "re-ratings:write" | "taxes:read" | "taxes:write" | "fixed-costs:read" | "fixed-costs:write" | "invoice-number-sequences:read" | "invoice-number-sequences:write" | "invoice-templates:read" | "invoice-templates:write" | "invoice-schedules:read" | "invoice-schedules:write" | "invoices:read" | "invoices:write" | "direct-debit-runs:read" | "direct-debit-runs:write" | "receivables:read" | "receivables:write" | "uninvoiced-calls:read" | "uninvoiced-calls:write" | "notification-templates:read" | "notification-templates:write" | "mails:read" | "mails:write" | "dead-letters:read" | "dead-letters:write" | "reports:read" | "reports:write" | "report-schedules:read" | "report-schedules:write" | "api-keys:read" | "api-keys:write" | "admins:read" | "admins:write" | "brand-admins:read" | "brand-admins:write" | "live:read" | "live:write" | "sessions:read" | "sessions:write" | "audit-log:read" | "audit-log:write" | "authorizations:read" | "authorizations:write" | "call-events:read" | "call-events:write" | "engines:read" | "engines:write")[] | null
      /** RFC 3339, answered in UTC with Z. */
      expiresAt?: string | null
    }
    answer: {
      id: string
      name: string
      role: "platform" | "brand" | "client" | "engine" | "finance"
      brandId: string | null
      clientId: string | null
      scopes: string[] | null
      /** First characters, to tell keys apart. */
      prefix: string
      /** RFC 3339, answered in UTC with Z. */
      expiresAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      revokedAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      lastUsedAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
      /** Shown this once. */
      key: string
    }
  }
  /** One key */
  'GET /v1/api-keys/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: ApiKey
  }
  /** Revoke a key */
  'DELETE /v1/api-keys/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: application server */
  'GET /v1/application-servers': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
    }
    body: undefined
    answer: {
      data: ApplicationServer[]
      nextCursor: string | null
    }
  }
  /** Create: application server */
  'POST /v1/application-servers': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** Host, host:port or URI. */
      address: string
    }
    answer: ApplicationServer
  }
  /** Read: application server */
  'GET /v1/application-servers/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: ApplicationServer
  }
  /** Change: application server */
  'PATCH /v1/application-servers/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** Host, host:port or URI. */
      address?: string | null
    }
    answer: ApplicationServer
  }
  /** Delete: application server */
  'DELETE /v1/application-servers/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Changes, newest first */
  'GET /v1/audit-log': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-at" | "at"
      brandId?: string
      clientId?: string
      resource?: string
      /** Exactly this text, without control characters. */
      resourceId?: string
      action?: "create" | "update" | "delete"
      /** Exactly this text, without control characters. */
      actor?: string
      /** Exactly this text, without control characters. */
      requestId?: string
      /** RFC 3339, answered in UTC with Z. */
      from?: string
      /** RFC 3339, answered in UTC with Z. */
      to?: string
    }
    body: undefined
    answer: {
      data: {
        id: string
        /** RFC 3339, answered in UTC with Z. */
        at: string
        /** `system` for what no request did. */
        actor: string
        requestId: string | null
        brandId: string | null
        clientId: string | null
        resource: string
        resourceId: string
        action: "create" | "update" | "delete"
        /** Secrets show that they changed, never what they are. */
        changes: {
          field: string
          from: unknown
          to: unknown
        }[]
      }[]
      nextCursor: string | null
    }
  }
  /** Why would a leg be refused, or why was it? */
  'POST /v1/authorization-checks': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      clientId: string
      /** As dialled. */
      to: string
      from?: string | null
      /** null: the filter by address is not asked. */
      sourceIp?: string | null
      /** RFC 3339, answered in UTC with Z. */
      at?: string
    }
    answer: {
      /** RFC 3339, answered in UTC with Z. */
      at: string
      allowed: boolean
      /** The first check that the leg did not pass. */
      reason: "invalid_number" | "unknown_client" | "client_suspended" | "ip_not_allowed" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | "spend_guard" | "max_calls_reached" | "daily_limit_reached" | "insufficient_balance" | "service_unavailable" | null
      toNormalized: string | null
      /** What it is priced as; null where it was refused before. */
      kind: "special" | "internal" | "free" | "inbound" | "unbilled" | "priced" | "priced-inbound" | null
      destination: string | null
      /** ISO 4217. */
      currency: string
      /** What must be left for it to begin. */
      firstIncrement: string | null
      maxDurationSeconds: number | null
      suspended: boolean
      filterByIp: boolean
      /** The client's, then. */
      runningCalls: number
      /** 0: no limit. */
      maxCalls: number
      /** null: of the past it is not known. */
      brandRunningCalls: number | null
      /** 0: no limit. */
      brandMaxCalls: number
      /** Of the client's local day, until then. */
      spentOfDay: string
      /** Decimal text. */
      maxDailyUsage: string | null
      /** Decimal text. */
      leftOfDay: string | null
      /** RFC 3339, answered in UTC with Z. */
      limitReachedAt: string | null
      /** null: nothing limits it. */
      available: string | null
      /** Spend guards that refused legs of the client in that hour. */
      refusingGuards: {
        id: string
        name: string
        refused: number
      }[]
    }
  }
  /** Grant or deny a leg */
  'POST /v1/authorizations': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** One billable leg of one client: 1 to 255 printable ASCII characters, unique within the client. */
      callId: string
      /** A client's id or SIP domain. */
      client: string
      direction?: "outbound" | "inbound"
      from?: string
      to: string
      /** An IPv4 or IPv6 address. */
      sourceIp?: string | null
      /** The client being called, by id or SIP domain, where it is one of the same brand. Decides on outbound legs. */
      toClient?: string | null
      /** The client that calls, by id or SIP domain, where it is one of the same brand. Decides on inbound legs. */
      fromClient?: string | null
      /** RFC 3339, answered in UTC with Z. */
      at?: string
      sipCallId?: string
      /** One billable leg of one client: 1 to 255 printable ASCII characters, unique within the client. */
      forwardedFrom?: string
      /** One token of a NATS subject: 1 to 64 letters, digits, "_" and "-". */
      engine?: string
      engineRef?: string
      /** Up to 10 text pairs: extension, trunk, carrier, cost centre. */
      labels?: Record<string, string>
    }
    answer: AuthorizationAnswer
  }
  /** Hand a grant back */
  'DELETE /v1/authorizations/{clientId}/{callId}': {
    params: {
      clientId: string
      callId: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: brand */
  'GET /v1/brands': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      /** Adds `missing`. */
      check?: "eInvoice"
    }
    body: undefined
    answer: {
      data: Brand[]
      nextCursor: string | null
    }
  }
  /** Create: brand */
  'POST /v1/brands': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** ISO 4217. */
      currency: string
      /** IANA time zone. */
      timeZone?: string
      /** BCP 47. */
      language?: string
      /** 0: unlimited. */
      maxCalls?: number
      specialNumbers?: string[]
      freeNumbers?: string[]
      /** How national numbers become E.164. */
      numbering?: {
        countryCode: string
        internationalPrefixes: string[]
        nationalPrefix: string
        nationalLengths: number[]
      } | null
      maxRingSeconds?: number
      lostEndPolicy?: "zero" | "last-known" | "cap"
      reasonProfile?: "standard" | "ivozprovider"
      /** Details of calls are removed this many local days after the call, once it is invoiced and paid; sums stay. null: never. Dead letters, denials and imports go after as many days, at the latest after RECORDS_MAX_AGE_DAYS. */
      retentionDays?: number | null
      reasonOverrides?: {
        invalid_number?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        unknown_client?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        client_suspended?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        ip_not_allowed?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        no_rating_profile?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        destination_not_priced?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        destination_blocked?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        spend_guard?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        max_calls_reached?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        daily_limit_reached?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        insufficient_balance?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        service_unavailable?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        maximum_price_reached?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        maximum_duration_reached?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        call_id_reused?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
        by_operator?: {
          sip?: number
          /** Text without control characters, and not of blanks alone. */
          phrase?: string
          q850?: number
          announcement?: string | null
        }
      }
      issuer?: {
        /** Text without control characters but tabs and line ends. */
        legalName?: string
        /** Text without control characters but tabs and line ends. */
        taxId?: string
        /** Text without control characters but tabs and line ends. */
        postalAddress?: string
        /** Text without control characters but tabs and line ends. */
        postalCode?: string
        /** Text without control characters but tabs and line ends. */
        town?: string
        /** Text without control characters but tabs and line ends. */
        province?: string
        /** ISO 3166-1 alpha-2. */
        country?: string | null
        endpointId?: {
          /** Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany). */
          scheme: string
          value: string
        } | null
        /** Text without control characters but tabs and line ends. */
        contactName?: string
        /** Text without control characters but tabs and line ends. */
        email?: string
        /** Text without control characters but tabs and line ends. */
        phone?: string
        /** Text without control characters but tabs and line ends. */
        iban?: string
        /** Text without control characters but tabs and line ends. */
        bic?: string
        /** Text without control characters but tabs and line ends. */
        registration?: string
        /** Of who collects by SEPA direct debit. */
        creditorId?: string
      } | null
      /** PNG or JPEG as a data URL. */
      logo?: string | null
      /** The profile of e-invoices of clients that have none; null: `en16931`. */
      eInvoiceProfile?: "en16931" | "peppol-bis-3" | "xrechnung-3" | null
      /** Account numbers in the report `journal`; null: their names. */
      journalAccounts?: {
        receivables?: string
        bank?: string
        sales?: string
        tax?: string
        /** Instead of `sales` and `tax`, where a category and rate have accounts of their own. */
        byTax?: {
          category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
          rate: string
          sales?: string
          tax?: string
        }[]
      } | null
      /** Refuses to issue an invoice that has warnings: 409 `invoice_not_ready`. */
      issueOnlyWhenReady?: boolean
      /** Number sequence of credit notes. null: the one of the invoice that they correct. */
      creditNoteSequenceId?: string | null
      /** Calls that changed after their invoice are corrected by a line of the next invoice, or by a credit note issued with it; an issuer in ES always does the latter. */
      corrections?: "invoice" | "credit-note"
      mail?: {
        /** As the mail shows it; null: the name of the brand. */
        fromName?: string | null
        /** null: the one of MAIL_FROM. */
        fromAddress?: string | null
        replyTo?: string | null
        /** Gets a copy of each mail that was sent. */
        bcc?: string | null
      } | null
      invoiceReminders?: {
        /** Each step is told once, while the invoice is not paid; of several that are missed, the last. */
        daysAfterDue: number[]
      } | null
      /** Whether a payment of an invoice is confirmed by mail (true). */
      paymentReceipts?: boolean
      /** Whether grants of outbound legs name the carriers for the number, the cheapest first (false). */
      leastCostRouting?: boolean
      /** How long the call is that costs of carriers are compared by (180). */
      lcrSeconds?: number
    }
    answer: Brand
  }
  /** List: brand admin */
  'GET /v1/brands/{brandId}/admins': {
    params: {
      brandId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
    }
    body: undefined
    answer: {
      data: BrandAdmin[]
      nextCursor: string | null
    }
  }
  /** Create: brand admin */
  'POST /v1/brands/{brandId}/admins': {
    params: {
      brandId: string
    }
    query: Record<never, never>
    body: {
      /** Unique within the brand in any case of letters. */
      username: string
      /** Text without control characters, and not of blanks alone. */
      name?: string
      email?: string | null
      /** Never shown again. Without one the admin cannot log in. A new one ends the logins. */
      password?: string
      /** Cannot log in, and is logged out. */
      suspended?: boolean
      /** owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads. */
      role: "owner" | "operator" | "finance" | "viewer"
    }
    answer: BrandAdmin
  }
  /** Read: brand admin */
  'GET /v1/brands/{brandId}/admins/{id}': {
    params: {
      brandId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: BrandAdmin
  }
  /** Change: brand admin */
  'PATCH /v1/brands/{brandId}/admins/{id}': {
    params: {
      brandId: string
      id: string
    }
    query: Record<never, never>
    body: {
      /** Unique within the brand in any case of letters. */
      username?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      email?: string | null
      /** Never shown again. Without one the admin cannot log in. A new one ends the logins. */
      password?: string | null
      /** Cannot log in, and is logged out. */
      suspended?: boolean | null
      /** owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads. */
      role?: "owner" | "operator" | "finance" | "viewer" | null
      /** Who changes the password of the account that is logged in says the old one, too. */
      currentPassword?: string | null
    }
    answer: BrandAdmin
  }
  /** Delete: brand admin */
  'DELETE /v1/brands/{brandId}/admins/{id}': {
    params: {
      brandId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Read: brand */
  'GET /v1/brands/{id}': {
    params: {
      id: string
    }
    query: {
      /** Adds `missing`. */
      check?: "eInvoice"
    }
    body: undefined
    answer: Brand
  }
  /** Change: brand */
  'PATCH /v1/brands/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** ISO 4217. */
      currency?: string | null
      /** IANA time zone. */
      timeZone?: string | null
      /** BCP 47. */
      language?: string | null
      /** 0: unlimited. */
      maxCalls?: number | null
      specialNumbers?: string[] | null
      freeNumbers?: string[] | null
      /** How national numbers become E.164. */
      numbering?: {
        countryCode?: string | null
        internationalPrefixes?: string[] | null
        nationalPrefix?: string | null
        nationalLengths?: number[] | null
      } | null
      maxRingSeconds?: number | null
      lostEndPolicy?: "zero" | "last-known" | "cap" | null
      reasonProfile?: "standard" | "ivozprovider" | null
      /** Details of calls are removed this many local days after the call, once it is invoiced and paid; sums stay. null: never. Dead letters, denials and imports go after as many days, at the latest after RECORDS_MAX_AGE_DAYS. */
      retentionDays?: number | null
      reasonOverrides?: {
        invalid_number?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        unknown_client?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        client_suspended?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        ip_not_allowed?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        no_rating_profile?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        destination_not_priced?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        destination_blocked?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        spend_guard?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        max_calls_reached?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        daily_limit_reached?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        insufficient_balance?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        service_unavailable?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        maximum_price_reached?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        maximum_duration_reached?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        call_id_reused?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
        by_operator?: {
          sip?: number | null
          /** Text without control characters, and not of blanks alone. */
          phrase?: string | null
          q850?: number | null
          announcement?: string | null
        } | null
      } | null
      issuer?: {
        /** Text without control characters but tabs and line ends. */
        legalName?: string | null
        /** Text without control characters but tabs and line ends. */
        taxId?: string | null
        /** Text without control characters but tabs and line ends. */
        postalAddress?: string | null
        /** Text without control characters but tabs and line ends. */
        postalCode?: string | null
        /** Text without control characters but tabs and line ends. */
        town?: string | null
        /** Text without control characters but tabs and line ends. */
        province?: string | null
        /** ISO 3166-1 alpha-2. */
        country?: string | null
        endpointId?: {
          /** Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany). */
          scheme?: string | null
          value?: string | null
        } | null
        /** Text without control characters but tabs and line ends. */
        contactName?: string | null
        /** Text without control characters but tabs and line ends. */
        email?: string | null
        /** Text without control characters but tabs and line ends. */
        phone?: string | null
        /** Text without control characters but tabs and line ends. */
        iban?: string | null
        /** Text without control characters but tabs and line ends. */
        bic?: string | null
        /** Text without control characters but tabs and line ends. */
        registration?: string | null
        /** Of who collects by SEPA direct debit. */
        creditorId?: string | null
      } | null
      /** PNG or JPEG as a data URL. */
      logo?: string | null
      /** The profile of e-invoices of clients that have none; null: `en16931`. */
      eInvoiceProfile?: "en16931" | "peppol-bis-3" | "xrechnung-3" | null
      /** Account numbers in the report `journal`; null: their names. */
      journalAccounts?: {
        receivables?: string | null
        bank?: string | null
        sales?: string | null
        tax?: string | null
        /** Instead of `sales` and `tax`, where a category and rate have accounts of their own. */
        byTax?: {
          category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
          rate: string
          sales?: string
          tax?: string
        }[] | null
      } | null
      /** Refuses to issue an invoice that has warnings: 409 `invoice_not_ready`. */
      issueOnlyWhenReady?: boolean | null
      /** Number sequence of credit notes. null: the one of the invoice that they correct. */
      creditNoteSequenceId?: string | null
      /** Calls that changed after their invoice are corrected by a line of the next invoice, or by a credit note issued with it; an issuer in ES always does the latter. */
      corrections?: "invoice" | "credit-note" | null
      mail?: {
        /** As the mail shows it; null: the name of the brand. */
        fromName?: string | null
        /** null: the one of MAIL_FROM. */
        fromAddress?: string | null
        replyTo?: string | null
        /** Gets a copy of each mail that was sent. */
        bcc?: string | null
      } | null
      invoiceReminders?: {
        /** Each step is told once, while the invoice is not paid; of several that are missed, the last. */
        daysAfterDue?: number[] | null
      } | null
      /** Whether a payment of an invoice is confirmed by mail (true). */
      paymentReceipts?: boolean | null
      /** Whether grants of outbound legs name the carriers for the number, the cheapest first (false). */
      leastCostRouting?: boolean | null
      /** How long the call is that costs of carriers are compared by (180). */
      lcrSeconds?: number | null
    }
    answer: Brand
  }
  /** Delete: brand */
  'DELETE /v1/brands/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: calendar */
  'GET /v1/calendars': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: Calendar[]
      nextCursor: string | null
    }
  }
  /** Create: calendar */
  'POST /v1/calendars': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      days: (string | {
        month?: number
        day?: number
        easter?: number
      })[]
    }
    answer: Calendar
  }
  /** Read: calendar */
  'GET /v1/calendars/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Calendar
  }
  /** Change: calendar */
  'PATCH /v1/calendars/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      days?: (string | {
        month?: number
        day?: number
        easter?: number
      })[] | null
    }
    answer: Calendar
  }
  /** Delete: calendar */
  'DELETE /v1/calendars/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Events that contradict an accepted half of their call, newest first */
  'GET /v1/call-conflicts': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-receivedAt" | "receivedAt"
      clientId?: string
      callId?: string
    }
    body: undefined
    answer: {
      data: CallConflict[]
      nextCursor: string | null
    }
  }
  /** Publish call events */
  'POST /v1/call-events': {
    params: Record<never, never>
    query: Record<never, never>
    body: Record<string, unknown> | unknown[]
    answer: {
      accepted: number
      rejected: {
        index: number
        code: string
        detail: string
      }[]
    }
  }
  /** Calls, newest first */
  'GET /v1/calls': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      /** The called number as a whole, with its country code. */
      number?: string
      /** The caller as it was sent. */
      fromNumber?: string
      /** Text without control characters, and not of blanks alone. */
      destination?: string
      /** One token of a NATS subject: 1 to 64 letters, digits, "_" and "-". */
      engine?: string
      minDurationSeconds?: number
      maxDurationSeconds?: number
      /** Decimal text, not negative. */
      minPrice?: string
      /** Decimal text, not negative. */
      maxPrice?: string
      /** YYYY-MM-DD, local to the client. */
      usageDay?: string
      /** RFC 3339, answered in UTC with Z. */
      from?: string
      /** RFC 3339, answered in UTC with Z. */
      to?: string
      /** name:value */
      label?: string
      clientId?: string
    }
    body: undefined
    answer: {
      data: Call[]
      nextCursor: string | null
    }
  }
  /** One call with the explanation of its price */
  'GET /v1/calls/{clientId}/{callId}': {
    params: {
      clientId: string
      callId: string
    }
    query: Record<never, never>
    body: undefined
    answer: Call
  }
  /** Hang a running call up */
  'POST /v1/calls/{clientId}/{callId}/hangup': {
    params: {
      clientId: string
      callId: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: Hangup
  }
  /** Make a rejected call free */
  'POST /v1/calls/{clientId}/{callId}/waive': {
    params: {
      clientId: string
      callId: string
    }
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      reason: string
    }
    answer: Call
  }
  /** List: carrier */
  'GET /v1/carriers': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: Carrier[]
      nextCursor: string | null
    }
  }
  /** Create: carrier */
  'POST /v1/carriers': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** As starts and ends name it; unique within the brand. */
      code: string
      /** ISO 4217. */
      currency: string
      /** IANA time zone. */
      timeZone: string
    }
    answer: Carrier
  }
  /** List: rating profile of a carrier */
  'GET /v1/carriers/{carrierId}/rating-profiles': {
    params: {
      carrierId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
    }
    body: undefined
    answer: {
      data: RatingProfileOfACarrier[]
      nextCursor: string | null
    }
  }
  /** Create: rating profile of a carrier */
  'POST /v1/carriers/{carrierId}/rating-profiles': {
    params: {
      carrierId: string
    }
    query: Record<never, never>
    body: {
      ratingPlanId: string
      /** RFC 3339, answered in UTC with Z. */
      activatesAt: string
    }
    answer: RatingProfileOfACarrier
  }
  /** Read: rating profile of a carrier */
  'GET /v1/carriers/{carrierId}/rating-profiles/{id}': {
    params: {
      carrierId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: RatingProfileOfACarrier
  }
  /** Change: rating profile of a carrier */
  'PATCH /v1/carriers/{carrierId}/rating-profiles/{id}': {
    params: {
      carrierId: string
      id: string
    }
    query: Record<never, never>
    body: {
      ratingPlanId?: string | null
      /** RFC 3339, answered in UTC with Z. */
      activatesAt?: string | null
    }
    answer: RatingProfileOfACarrier
  }
  /** Delete: rating profile of a carrier */
  'DELETE /v1/carriers/{carrierId}/rating-profiles/{id}': {
    params: {
      carrierId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Read: carrier */
  'GET /v1/carriers/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Carrier
  }
  /** Change: carrier */
  'PATCH /v1/carriers/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** As starts and ends name it; unique within the brand. */
      code?: string | null
      /** ISO 4217. */
      currency?: string | null
      /** IANA time zone. */
      timeZone?: string | null
    }
    answer: Carrier
  }
  /** Delete: carrier */
  'DELETE /v1/carriers/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: client */
  'GET /v1/clients': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
      /** Part of the name or the SIP domain, in any case of letters. */
      search?: string
      /** Only these: at most 100 ids, with commas between. */
      ids?: string
      billingMethod?: "postpaid" | "prepaid" | "pseudoprepaid" | "none"
      corporationId?: string
      suspended?: "true" | "false"
      /** Adds `missing`. */
      check?: "eInvoice"
    }
    body: undefined
    answer: {
      data: Client[]
      nextCursor: string | null
    }
  }
  /** Create: client */
  'POST /v1/clients': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** A DNS name, unique on the platform; answered in lower case. */
      sipDomain: string
      suspended?: boolean
      features?: ("billing" | "invoices" | "recordings" | "voiceNotifications" | "queues" | "conferences" | "faxes" | "friends")[]
      billingMethod?: "postpaid" | "prepaid" | "pseudoprepaid" | "none"
      corporationId?: string | null
      /** BCP 47. */
      language?: string
      /** ISO 3166-1 alpha-2. */
      countryCode?: string | null
      /** IANA time zone. */
      timeZone?: string
      /** ISO 4217. */
      currency?: string
      /** How national numbers become E.164. */
      numbering?: {
        countryCode: string
        internationalPrefixes: string[]
        nationalPrefix: string
        nationalLengths: number[]
      } | null
      /** 0: unlimited. */
      maxCalls?: number
      maxCallSeconds?: number
      filterByIp?: boolean
      geoIpAllowedCountries?: string[]
      /** Decimal text, not negative. */
      maxDailyUsage?: string | null
      maxDailyUsageEmail?: string | null
      /** Decimal text, not negative. */
      creditLimit?: string | null
      invoiceData?: {
        /** Text without control characters but tabs and line ends. */
        legalName?: string
        /** Text without control characters but tabs and line ends. */
        taxId?: string
        /** Text without control characters but tabs and line ends. */
        postalAddress?: string
        /** Text without control characters but tabs and line ends. */
        postalCode?: string
        /** Text without control characters but tabs and line ends. */
        town?: string
        /** Text without control characters but tabs and line ends. */
        province?: string
        /** ISO 3166-1 alpha-2. */
        country?: string | null
        endpointId?: {
          /** Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany). */
          scheme: string
          value: string
        } | null
        /** Text without control characters but tabs and line ends. */
        contactName?: string
        /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
        buyerReference?: string | null
        /** The buyer's order (BT-13). */
        purchaseOrder?: string | null
        email?: string
      } | null
      /** The profile of its e-invoices; null: the brand's. */
      eInvoiceProfile?: "en16931" | "peppol-bis-3" | "xrechnung-3" | null
      directDebit?: {
        /** Unique with the creditor; 35 characters that banks take. */
        mandateId: string
        /** YYYY-MM-DD, local to the client. */
        signedDay: string
        /** core by default; b2b between businesses alone. */
        scheme?: "core" | "b2b"
        /** Text without control characters but tabs and line ends. */
        iban: string
        /** Text without control characters but tabs and line ends. */
        bic?: string
        /** Text without control characters, and not of blanks alone. */
        accountHolder?: string
      } | null
      taxIds?: string[]
      /** Prices of calls, fixed costs, discounts and minimums include the tax. Fixed once the client has money. */
      pricesIncludeTax?: boolean
      portalVisibility?: {
        invoices?: boolean
        ratingProfiles?: boolean
        callPrices?: boolean
      }
      notificationTemplates?: {
        maxDailyUsage?: string | null
        lowBalance?: string | null
        invoice?: string | null
        invoiceReminder?: string | null
        paymentReceipt?: string | null
        callReport?: string | null
        spendGuard?: string | null
        allowanceLow?: string | null
      }
      outgoingDdi?: string | null
      mediaRelaySetId?: string | null
      /** Seen and set by the platform alone. */
      distributeMethod?: "hash" | "roundRobin" | "static"
      applicationServerId?: string | null
      recording?: {
        onDemand?: "off" | "sipInfo" | "serviceCode"
        /** With `serviceCode` alone. */
        serviceCode?: string | null
        clientMayRemove?: boolean
      }
      failurePolicy?: "deny" | "allow"
      /** Whether unallocated money settles open invoices by itself; true by default. */
      autoAllocate?: boolean
    }
    answer: Client
  }
  /** List: admin */
  'GET /v1/clients/{clientId}/admins': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
    }
    body: undefined
    answer: {
      data: Admin[]
      nextCursor: string | null
    }
  }
  /** Create: admin */
  'POST /v1/clients/{clientId}/admins': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: {
      /** Unique within the client in any case of letters; may be a mail address. */
      username: string
      /** Text without control characters, and not of blanks alone. */
      name?: string
      email?: string | null
      /** Never shown again. Without one the admin cannot log in. A new one ends the logins. */
      password?: string
      /** Cannot log in, and is logged out. */
      suspended?: boolean
      /** Whether `rights` limits this admin. */
      restricted?: boolean
      /** Resource → letters; what is not named is refused. Counts where `restricted` is true. */
      rights?: Record<string, string>
    }
    answer: Admin
  }
  /** Read: admin */
  'GET /v1/clients/{clientId}/admins/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Admin
  }
  /** Change: admin */
  'PATCH /v1/clients/{clientId}/admins/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: {
      /** Unique within the client in any case of letters; may be a mail address. */
      username?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      email?: string | null
      /** Never shown again. Without one the admin cannot log in. A new one ends the logins. */
      password?: string | null
      /** Cannot log in, and is logged out. */
      suspended?: boolean | null
      /** Whether `rights` limits this admin. */
      restricted?: boolean | null
      /** Resource → letters; what is not named is refused. Counts where `restricted` is true. */
      rights?: Record<string, string | null> | null
      /** Who changes the password of the account that is logged in says the old one, too. */
      currentPassword?: string | null
    }
    answer: Admin
  }
  /** Delete: admin */
  'DELETE /v1/clients/{clientId}/admins/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** What an admin may do */
  'GET /v1/clients/{clientId}/admins/{id}/rights': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: {
      data: {
        resource: string
        create: boolean
        read: boolean
        update: boolean
        delete: boolean
      }[]
    }
  }
  /** Restrict an admin to these rights */
  'PUT /v1/clients/{clientId}/admins/{id}/rights': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: {
      data: {
        resource: string
        create: boolean
        read: boolean
        update: boolean
        delete: boolean
      }[]
    }
    answer: {
      data: {
        resource: string
        create: boolean
        read: boolean
        update: boolean
        delete: boolean
      }[]
    }
  }
  /** List: allowance */
  'GET /v1/clients/{clientId}/allowances': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
      /** YYYY-MM-DD, local to the client. */
      day?: string
    }
    body: undefined
    answer: {
      data: Allowance[]
      nextCursor: string | null
    }
  }
  /** Create: allowance */
  'POST /v1/clients/{clientId}/allowances': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: {
      allowancePlanId: string
      /** YYYY-MM-DD, local to the client. */
      from: string
      /** The first day after it; null: without end. */
      to?: string | null
      quantity?: number
      /** The first and the last period count by their days. */
      prorate?: boolean
      /** Who is told at 80 and 100 % used. */
      email?: string | null
    }
    answer: Allowance
  }
  /** Read: allowance */
  'GET /v1/clients/{clientId}/allowances/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: {
      /** YYYY-MM-DD, local to the client. */
      day?: string
    }
    body: undefined
    answer: Allowance
  }
  /** Change: allowance */
  'PATCH /v1/clients/{clientId}/allowances/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: {
      allowancePlanId?: string | null
      /** YYYY-MM-DD, local to the client. */
      from?: string | null
      /** The first day after it; null: without end. */
      to?: string | null
      quantity?: number | null
      /** The first and the last period count by their days. */
      prorate?: boolean | null
      /** Who is told at 80 and 100 % used. */
      email?: string | null
    }
    answer: Allowance
  }
  /** Delete: allowance */
  'DELETE /v1/clients/{clientId}/allowances/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: authorized source */
  'GET /v1/clients/{clientId}/authorized-sources': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
    }
    body: undefined
    answer: {
      data: AuthorizedSource[]
      nextCursor: string | null
    }
  }
  /** Create: authorized source */
  'POST /v1/clients/{clientId}/authorized-sources': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: {
      /** An IPv4 or IPv6 address or CIDR range. */
      cidr: string
    }
    answer: AuthorizedSource
  }
  /** Read: authorized source */
  'GET /v1/clients/{clientId}/authorized-sources/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: AuthorizedSource
  }
  /** Delete: authorized source */
  'DELETE /v1/clients/{clientId}/authorized-sources/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Balance */
  'GET /v1/clients/{clientId}/balance': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: undefined
    answer: {
      /** Decimal text. */
      balance: string
      /** Held by running and granted calls; at most 1 s old. */
      reserved: string
      /** Set aside by replicas for calls that they may grant at once. It is available all the same. */
      leased: string
      /** Decimal text. */
      available: string | null
      /** Decimal text. */
      creditLimit: string | null
      /** Decimal text. */
      unbilled: string
      /** Decimal text. */
      invoicedUnpaid: string
      /** balance + invoicedUnpaid + unbilled: what settles invoices. Below 0: the account owes what no invoice says. */
      unallocated: string
      /** ISO 4217. */
      currency: string
    }
  }
  /** List: balance alert */
  'GET /v1/clients/{clientId}/balance-alerts': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
    }
    body: undefined
    answer: {
      data: BalanceAlert[]
      nextCursor: string | null
    }
  }
  /** Create: balance alert */
  'POST /v1/clients/{clientId}/balance-alerts': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: {
      /** Decimal text. */
      threshold: string
      email: string
    }
    answer: BalanceAlert
  }
  /** Read: balance alert */
  'GET /v1/clients/{clientId}/balance-alerts/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: BalanceAlert
  }
  /** Change: balance alert */
  'PATCH /v1/clients/{clientId}/balance-alerts/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: {
      /** Decimal text. */
      threshold?: string | null
      email?: string | null
    }
    answer: BalanceAlert
  }
  /** Delete: balance alert */
  'DELETE /v1/clients/{clientId}/balance-alerts/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Movements, newest first */
  'GET /v1/clients/{clientId}/balance-movements': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
    }
    body: undefined
    answer: {
      data: {
        id?: string
        seq?: number
        kind: "top-up" | "adjustment" | "charge" | "overrun" | "correction" | "invoice" | "payment" | "fee"
        /** Decimal text. */
        amount: string
        /** Decimal text. */
        balanceAfter: string
        /** ISO 4217. */
        currency: string
        callId: string | null
        invoiceId?: string | null
        reference: string | null
        actor: string
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** Of a charge that sums up the calls of this local day. */
        day?: string
      }[]
      nextCursor: string | null
    }
  }
  /** Post a top-up or an adjustment */
  'POST /v1/clients/{clientId}/balance-movements': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: {
      /** Decimal text. */
      amount: string
      kind: "top-up" | "adjustment"
      /** Text without control characters but tabs and line ends. */
      reference?: string | null
    }
    answer: Movement
  }
  /** A client's calls, newest first */
  'GET /v1/clients/{clientId}/calls': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      /** The called number as a whole, with its country code. */
      number?: string
      /** The caller as it was sent. */
      fromNumber?: string
      /** Text without control characters, and not of blanks alone. */
      destination?: string
      /** One token of a NATS subject: 1 to 64 letters, digits, "_" and "-". */
      engine?: string
      minDurationSeconds?: number
      maxDurationSeconds?: number
      /** Decimal text, not negative. */
      minPrice?: string
      /** Decimal text, not negative. */
      maxPrice?: string
      /** YYYY-MM-DD, local to the client. */
      usageDay?: string
      /** RFC 3339, answered in UTC with Z. */
      from?: string
      /** RFC 3339, answered in UTC with Z. */
      to?: string
      /** name:value */
      label?: string
    }
    body: undefined
    answer: {
      data: Call[]
      nextCursor: string | null
    }
  }
  /** Usage of one local day, today by default */
  'GET /v1/clients/{clientId}/daily-usage': {
    params: {
      clientId: string
    }
    query: {
      /** YYYY-MM-DD, local to the client. */
      day?: string
    }
    body: undefined
    answer: {
      /** YYYY-MM-DD, local to the client. */
      day: string
      /** IANA time zone. */
      timeZone: string
      /** Decimal text. */
      amount: string
      /** Decimal text. */
      reserved: string
      /** Decimal text. */
      limit: string | null
      /** ISO 4217. */
      currency: string
      /** RFC 3339, answered in UTC with Z. */
      limitReachedAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      resetsAt: string
    }
  }
  /** A client's invoices, newest first */
  'GET /v1/clients/{clientId}/invoices': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-dueAt" | "dueAt" | "-total" | "total"
      status?: "draft" | "issued" | "paid" | "overdue" | "credited"
      kind?: "invoice" | "credit-note"
      number?: string
      /** YYYY-MM-DD, local to the client. */
      issuedFrom?: string
      /** YYYY-MM-DD, local to the client. */
      issuedTo?: string
      /** YYYY-MM-DD, local to the client. */
      dueFrom?: string
      /** YYYY-MM-DD, local to the client. */
      dueTo?: string
    }
    body: undefined
    answer: {
      data: {
        id: string
        kind: "invoice" | "credit-note"
        status: "draft" | "issued" | "paid" | "overdue" | "credited"
        number: string | null
        clientId: string
        numberSequenceId: string
        /** YYYY-MM-DD, local to the client. */
        from: string
        /** YYYY-MM-DD, local to the client. */
        to: string
        /** IANA time zone. */
        timeZone: string
        /** ISO 4217. */
        currency: string
        taxes: {
          category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
          /** Decimal text. */
          rate: string
          /** Decimal text. */
          base: string
          /** Decimal text. */
          amount: string
          name: string
          reason: string | null
          reasonCode?: string
        }[]
        /** Decimal text. */
        net: string
        /** Decimal text. */
        tax: string
        /** Decimal text. */
        total: string
        /** Decimal text. */
        prepaidAmount: string
        /** Decimal text. */
        paidAmount: string
        /** Decimal text. */
        creditedAmount: string
        /** Decimal text. */
        amountDue: string
        /** RFC 3339, answered in UTC with Z. */
        issuedAt: string | null
        /** YYYY-MM-DD of the brand's calendar, as printed. */
        issueDay: string | null
        /** YYYY-MM-DD of the brand's calendar, as printed. */
        dueDay: string | null
        /** When the due day has ended in the brand's zone and in the client's: overdue from then on. */
        dueAt: string | null
        creditsInvoiceId: string | null
        reason: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** List: rating profile */
  'GET /v1/clients/{clientId}/rating-profiles': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
    }
    body: undefined
    answer: {
      data: RatingProfile[]
      nextCursor: string | null
    }
  }
  /** Create: rating profile */
  'POST /v1/clients/{clientId}/rating-profiles': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: {
      ratingPlanId: string
      /** RFC 3339, answered in UTC with Z. */
      activatesAt: string
      /** Which legs it prices (outbound). Inbound ones by the number they came in on. */
      direction?: "outbound" | "inbound"
    }
    answer: RatingProfile
  }
  /** Read: rating profile */
  'GET /v1/clients/{clientId}/rating-profiles/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: RatingProfile
  }
  /** Change: rating profile */
  'PATCH /v1/clients/{clientId}/rating-profiles/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: {
      ratingPlanId?: string | null
      /** RFC 3339, answered in UTC with Z. */
      activatesAt?: string | null
      /** Which legs it prices (outbound). Inbound ones by the number they came in on. */
      direction?: "outbound" | "inbound" | null
    }
    answer: RatingProfile
  }
  /** Delete: rating profile */
  'DELETE /v1/clients/{clientId}/rating-profiles/{id}': {
    params: {
      clientId: string
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Calls that run or are granted now, at most 500 */
  'GET /v1/clients/{clientId}/running-calls': {
    params: {
      clientId: string
    }
    query: Record<never, never>
    body: undefined
    answer: {
      data: RunningCall[]
      nextCursor: string | null
    }
  }
  /** Movements between two local days, half open, with the balances before and after */
  'GET /v1/clients/{clientId}/statement': {
    params: {
      clientId: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** YYYY-MM-DD, local to the client. */
      from: string
      /** YYYY-MM-DD, local to the client. */
      to: string
    }
    body: undefined
    answer: {
      /** YYYY-MM-DD, local to the client. */
      from: string
      /** YYYY-MM-DD, local to the client. */
      to: string
      /** IANA time zone. */
      timeZone: string
      /** ISO 4217. */
      currency: string
      /** Decimal text. */
      openingBalance: string
      /** Decimal text. */
      closingBalance: string
      /** Sum of the movements by kind. */
      totals: Record<string, string>
      movements: {
        id?: string
        seq?: number
        kind: "top-up" | "adjustment" | "charge" | "overrun" | "correction" | "invoice" | "payment" | "fee"
        /** Decimal text. */
        amount: string
        /** Decimal text. */
        balanceAfter: string
        /** ISO 4217. */
        currency: string
        callId: string | null
        invoiceId?: string | null
        reference: string | null
        actor: string
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** Of a charge that sums up the calls of this local day. */
        day?: string
      }[]
      nextCursor: string | null
    }
  }
  /** Read: client */
  'GET /v1/clients/{id}': {
    params: {
      id: string
    }
    query: {
      /** Adds `missing`. */
      check?: "eInvoice"
    }
    body: undefined
    answer: Client
  }
  /** Change: client */
  'PATCH /v1/clients/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** A DNS name, unique on the platform; answered in lower case. */
      sipDomain?: string | null
      suspended?: boolean | null
      features?: ("billing" | "invoices" | "recordings" | "voiceNotifications" | "queues" | "conferences" | "faxes" | "friends")[] | null
      billingMethod?: "postpaid" | "prepaid" | "pseudoprepaid" | "none" | null
      corporationId?: string | null
      /** BCP 47. */
      language?: string | null
      /** ISO 3166-1 alpha-2. */
      countryCode?: string | null
      /** IANA time zone. */
      timeZone?: string | null
      /** ISO 4217. */
      currency?: string | null
      /** How national numbers become E.164. */
      numbering?: {
        countryCode?: string | null
        internationalPrefixes?: string[] | null
        nationalPrefix?: string | null
        nationalLengths?: number[] | null
      } | null
      /** 0: unlimited. */
      maxCalls?: number | null
      maxCallSeconds?: number | null
      filterByIp?: boolean | null
      geoIpAllowedCountries?: string[] | null
      /** Decimal text, not negative. */
      maxDailyUsage?: string | null
      maxDailyUsageEmail?: string | null
      /** Decimal text, not negative. */
      creditLimit?: string | null
      invoiceData?: {
        /** Text without control characters but tabs and line ends. */
        legalName?: string | null
        /** Text without control characters but tabs and line ends. */
        taxId?: string | null
        /** Text without control characters but tabs and line ends. */
        postalAddress?: string | null
        /** Text without control characters but tabs and line ends. */
        postalCode?: string | null
        /** Text without control characters but tabs and line ends. */
        town?: string | null
        /** Text without control characters but tabs and line ends. */
        province?: string | null
        /** ISO 3166-1 alpha-2. */
        country?: string | null
        endpointId?: {
          /** Code of the list EAS, such as 0088 (GLN) or 9930 (VAT number of Germany). */
          scheme?: string | null
          value?: string | null
        } | null
        /** Text without control characters but tabs and line ends. */
        contactName?: string | null
        /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
        buyerReference?: string | null
        /** The buyer's order (BT-13). */
        purchaseOrder?: string | null
        email?: string | null
      } | null
      /** The profile of its e-invoices; null: the brand's. */
      eInvoiceProfile?: "en16931" | "peppol-bis-3" | "xrechnung-3" | null
      directDebit?: {
        /** Unique with the creditor; 35 characters that banks take. */
        mandateId?: string | null
        /** YYYY-MM-DD, local to the client. */
        signedDay?: string | null
        /** core by default; b2b between businesses alone. */
        scheme?: "core" | "b2b" | null
        /** Text without control characters but tabs and line ends. */
        iban?: string | null
        /** Text without control characters but tabs and line ends. */
        bic?: string | null
        /** Text without control characters, and not of blanks alone. */
        accountHolder?: string | null
      } | null
      taxIds?: string[] | null
      /** Prices of calls, fixed costs, discounts and minimums include the tax. Fixed once the client has money. */
      pricesIncludeTax?: boolean | null
      portalVisibility?: {
        invoices?: boolean | null
        ratingProfiles?: boolean | null
        callPrices?: boolean | null
      } | null
      notificationTemplates?: {
        maxDailyUsage?: string | null
        lowBalance?: string | null
        invoice?: string | null
        invoiceReminder?: string | null
        paymentReceipt?: string | null
        callReport?: string | null
        spendGuard?: string | null
        allowanceLow?: string | null
      } | null
      outgoingDdi?: string | null
      mediaRelaySetId?: string | null
      /** Seen and set by the platform alone. */
      distributeMethod?: "hash" | "roundRobin" | "static" | null
      applicationServerId?: string | null
      recording?: {
        onDemand?: "off" | "sipInfo" | "serviceCode" | null
        /** With `serviceCode` alone. */
        serviceCode?: string | null
        clientMayRemove?: boolean | null
      } | null
      failurePolicy?: "deny" | "allow" | null
      /** Whether unallocated money settles open invoices by itself; true by default. */
      autoAllocate?: boolean | null
    }
    answer: Client
  }
  /** Delete: client */
  'DELETE /v1/clients/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: corporation */
  'GET /v1/corporations': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: Corporation[]
      nextCursor: string | null
    }
  }
  /** Create: corporation */
  'POST /v1/corporations': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
    }
    answer: Corporation
  }
  /** Read: corporation */
  'GET /v1/corporations/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Corporation
  }
  /** Change: corporation */
  'PATCH /v1/corporations/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
    }
    answer: Corporation
  }
  /** Delete: corporation */
  'DELETE /v1/corporations/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Currencies */
  'GET /v1/currencies': {
    params: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      data: {
        /** ISO 4217. */
        code: string
        name: string
        digits: number
      }[]
      nextCursor: string | null
    }
  }
  /** Dead letters, newest first */
  'GET /v1/dead-letters': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-receivedAt" | "receivedAt"
      reason?: string
      /** Those not sent again alone. */
      open?: boolean
    }
    body: undefined
    answer: {
      data: DeadLetter[]
      nextCursor: string | null
    }
  }
  /** One dead letter */
  'GET /v1/dead-letters/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: DeadLetter
  }
  /** Send it again */
  'POST /v1/dead-letters/{id}/redrive': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: DeadLetter
  }
  /** Direct debit runs, newest first */
  'GET /v1/direct-debit-runs': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      brandId?: string
    }
    body: undefined
    answer: {
      data: {
        id: string
        brandId: string
        status: "open" | "confirmed" | "cancelled"
        /** YYYY-MM-DD, local to the client. */
        collectionDay: string
        creditor: {
          name: string
          iban: string
          bic: string | null
          creditorId: string
        }
        currency: "EUR"
        total: {
          debits: number
          /** Decimal text. */
          amount: string
        }
        booked: {
          debits: number
          /** Decimal text. */
          amount: string
        }
        returned: {
          debits: number
          /** Decimal text. */
          amount: string
        }
        /** RFC 3339, answered in UTC with Z. */
        paidAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** Collect what clients with a mandate owe */
  'POST /v1/direct-debit-runs': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** When the bank is to collect; after today. */
      collectionDay: string
      /** The last due day of invoices to collect; the day of collection by default. */
      dueTo?: string
    }
    answer: {
      id: string
      brandId: string
      status: "open" | "confirmed" | "cancelled"
      /** YYYY-MM-DD, local to the client. */
      collectionDay: string
      creditor: {
        name: string
        iban: string
        bic: string | null
        creditorId: string
      }
      currency: "EUR"
      total: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      booked: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      returned: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      /** RFC 3339, answered in UTC with Z. */
      paidAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
      /** RFC 3339, answered in UTC with Z. */
      updatedAt: string
      /** Open invoices of clients whose mandate lacks what their bank asks for. */
      skipped: {
        invoiceId: string
        clientId: string
        code: "mandate_not_signed" | "bic_missing" | "address_missing"
        detail: string
      }[]
    }
  }
  /** One run */
  'GET /v1/direct-debit-runs/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: {
      id: string
      brandId: string
      status: "open" | "confirmed" | "cancelled"
      /** YYYY-MM-DD, local to the client. */
      collectionDay: string
      creditor: {
        name: string
        iban: string
        bic: string | null
        creditorId: string
      }
      currency: "EUR"
      total: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      booked: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      returned: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      /** RFC 3339, answered in UTC with Z. */
      paidAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
      /** RFC 3339, answered in UTC with Z. */
      updatedAt: string
    }
  }
  /** The file for the bank: pain.008.001.08 */
  'GET /v1/direct-debit-runs/{id}.xml': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Take a run back whose file the bank has not got, or has refused */
  'POST /v1/direct-debit-runs/{id}/cancel': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: {
      id: string
      brandId: string
      status: "open" | "confirmed" | "cancelled"
      /** YYYY-MM-DD, local to the client. */
      collectionDay: string
      creditor: {
        name: string
        iban: string
        bic: string | null
        creditorId: string
      }
      currency: "EUR"
      total: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      booked: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      returned: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      /** RFC 3339, answered in UTC with Z. */
      paidAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
      /** RFC 3339, answered in UTC with Z. */
      updatedAt: string
    }
  }
  /** Book the money of a run */
  'POST /v1/direct-debit-runs/{id}/confirm': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** When the money came; now by default. */
      paidAt?: string
    } | null
    answer: {
      id: string
      brandId: string
      status: "open" | "confirmed" | "cancelled"
      /** YYYY-MM-DD, local to the client. */
      collectionDay: string
      creditor: {
        name: string
        iban: string
        bic: string | null
        creditorId: string
      }
      currency: "EUR"
      total: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      booked: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      returned: {
        debits: number
        /** Decimal text. */
        amount: string
      }
      /** RFC 3339, answered in UTC with Z. */
      paidAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
      /** RFC 3339, answered in UTC with Z. */
      updatedAt: string
    }
  }
  /** The debits of a run, and what became of each */
  'GET /v1/direct-debit-runs/{id}/debits': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      status?: "pending" | "booked" | "returned" | "cancelled"
    }
    body: undefined
    answer: {
      data: {
        id: string
        invoiceId: string
        invoiceNumber: string
        clientId: string
        clientName: string
        /** Decimal text. */
        amount: string
        status: "pending" | "booked" | "returned" | "cancelled"
        mandateId: string
        scheme: "core" | "b2b"
        iban: string
        /** The payment of the invoice that was booked. */
        paymentId: string | null
        returnReason: string | null
        /** RFC 3339, answered in UTC with Z. */
        returnedAt: string | null
      }[]
      nextCursor: string | null
    }
  }
  /** A debit that the bank refused or gave back */
  'POST /v1/direct-debit-runs/{runId}/debits/{id}/return': {
    params: {
      runId: string
      id: string
    }
    query: Record<never, never>
    body: {
      /** As the bank gives it: a code of ISO 20022's list, such as AM04 (insufficient funds). */
      reason: string
      /** Now by default. */
      returnedAt?: string
    }
    answer: {
      id: string
      invoiceId: string
      invoiceNumber: string
      clientId: string
      clientName: string
      /** Decimal text. */
      amount: string
      status: "pending" | "booked" | "returned" | "cancelled"
      mandateId: string
      scheme: "core" | "b2b"
      iban: string
      /** The payment of the invoice that was booked. */
      paymentId: string | null
      returnReason: string | null
      /** RFC 3339, answered in UTC with Z. */
      returnedAt: string | null
    }
  }
  /** Each client's failure policy */
  'GET /v1/engines/policies': {
    params: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      data: {
        clientId: string
        brandId: string
        sipDomain: string
        failurePolicy: "deny" | "allow"
      }[]
      brands: {
        brandId: string
        /** As dialled or normalized; they go through for every client of the brand. */
        specialNumbers: string[]
      }[]
      unknownClients: "deny"
      emergencyNumbers: string[]
    }
  }
  /** State every leg of an engine */
  'PUT /v1/engines/{engine}/active-calls': {
    params: {
      /** One token of a NATS subject: 1 to 64 letters, digits, "_" and "-". */
      engine: string
    }
    query: Record<never, never>
    body: {
      /** RFC 3339, answered in UTC with Z. */
      at: string
      calls: {
        /** A client's id or SIP domain. */
        client: string
        /** One billable leg of one client: 1 to 255 printable ASCII characters, unique within the client. */
        callId: string
      }[]
    }
    answer: {
      active: number
      closed: number
    }
  }
  /** Legs this engine shall hang up, by long poll */
  'GET /v1/engines/{engine}/hangups': {
    params: {
      /** One token of a NATS subject: 1 to 64 letters, digits, "_" and "-". */
      engine: string
    }
    query: {
      /** Seconds. */
      wait?: number
    }
    body: undefined
    answer: {
      data: Hangup[]
    }
  }
  /** List: exchange rate */
  'GET /v1/exchange-rates': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
      brandId?: string
      /** ISO 4217. */
      base?: string
      /** ISO 4217. */
      quote?: string
    }
    body: undefined
    answer: {
      data: ExchangeRate[]
      nextCursor: string | null
    }
  }
  /** Create: exchange rate */
  'POST /v1/exchange-rates': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** ISO 4217. */
      base: string
      /** ISO 4217. */
      quote: string
      /** How much of the quote currency 1 of the base currency is; more than 0. */
      rate: string
      /** RFC 3339, answered in UTC with Z. */
      validFrom: string
    }
    answer: ExchangeRate
  }
  /** Take exchange rates from a file */
  'POST /v1/exchange-rates/imports': {
    params: Record<never, never>
    query: {
      brandId?: string
    }
    body: FileBody | undefined
    answer: {
      added: number
      changed: number
      unchanged: number
    }
  }
  /** Read: exchange rate */
  'GET /v1/exchange-rates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: ExchangeRate
  }
  /** Change: exchange rate */
  'PATCH /v1/exchange-rates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** ISO 4217. */
      base?: string | null
      /** ISO 4217. */
      quote?: string | null
      /** How much of the quote currency 1 of the base currency is; more than 0. */
      rate?: string | null
      /** RFC 3339, answered in UTC with Z. */
      validFrom?: string | null
    }
    answer: ExchangeRate
  }
  /** Delete: exchange rate */
  'DELETE /v1/exchange-rates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: fixed cost */
  'GET /v1/fixed-costs': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: FixedCost[]
      nextCursor: string | null
    }
  }
  /** Create: fixed cost */
  'POST /v1/fixed-costs': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** Decimal text, not negative. */
      price: string
      /** ISO 4217. */
      currency: string
      quantityRule?: "static" | "maxCalls"
      prorate?: boolean
      taxId?: string | null
    }
    answer: FixedCost
  }
  /** Read: fixed cost */
  'GET /v1/fixed-costs/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: FixedCost
  }
  /** Change: fixed cost */
  'PATCH /v1/fixed-costs/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** Decimal text, not negative. */
      price?: string | null
      /** ISO 4217. */
      currency?: string | null
      quantityRule?: "static" | "maxCalls" | null
      prorate?: boolean | null
      taxId?: string | null
    }
    answer: FixedCost
  }
  /** Delete: fixed cost */
  'DELETE /v1/fixed-costs/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: import mapping */
  'GET /v1/import-mappings': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: ImportMapping[]
      nextCursor: string | null
    }
  }
  /** Create: import mapping */
  'POST /v1/import-mappings': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** How a sheet is read whose headings do not say it all: see docs/rate-sheets.md. */
      mapping: {
        /** Of a workbook: its name, or its position from 1. */
        sheet?: string | number
        /** null or 0: there is none, and columns are positions. */
        headerLine?: number | null
        /** One character. */
        separator?: string
        encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1252" | "iso-8859-1" | "iso-8859-2" | "iso-8859-15" | "macintosh"
        decimalMark?: "." | ","
        thousandsMark?: "." | "," | " " | "'"
        /** Luxon tokens. */
        dateFormat?: string
        /** IANA time zone. */
        timeZone?: string
        columns?: {
          /** A heading, a position from 1, or a list of them that is joined. */
          prefix?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          destination?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          rate?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          increment?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          initialIncrement?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          intervalStart?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          perSeconds?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          connectFee?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          minimumPrice?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          maximumPrice?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          maximumPriceAction?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          blocked?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          graceSeconds?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          highRisk?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          prefixTo?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          effectiveAt?: string | number | (string | number)[]
          /** A heading, a position from 1, or a list of them that is joined. */
          currency?: string | number | (string | number)[]
        }
        constants?: {
          /** Amounts as decimal text. */
          prefix?: string | number | boolean
          /** Amounts as decimal text. */
          destination?: string | number | boolean
          /** Amounts as decimal text. */
          rate?: string | number | boolean
          /** Amounts as decimal text. */
          increment?: string | number | boolean
          /** Amounts as decimal text. */
          initialIncrement?: string | number | boolean
          /** Amounts as decimal text. */
          intervalStart?: string | number | boolean
          /** Amounts as decimal text. */
          perSeconds?: string | number | boolean
          /** Amounts as decimal text. */
          connectFee?: string | number | boolean
          /** Amounts as decimal text. */
          minimumPrice?: string | number | boolean
          /** Amounts as decimal text. */
          maximumPrice?: string | number | boolean
          /** Amounts as decimal text. */
          maximumPriceAction?: string | number | boolean
          /** Amounts as decimal text. */
          blocked?: string | number | boolean
          /** Amounts as decimal text. */
          graceSeconds?: string | number | boolean
          /** Amounts as decimal text. */
          highRisk?: string | number | boolean
          /** Amounts as decimal text. */
          prefixTo?: string | number | boolean
          /** Amounts as decimal text. */
          effectiveAt?: string | number | boolean
          /** Amounts as decimal text. */
          currency?: string | number | boolean
        }
        /** The prefix column has names: "numbering" takes them for countries (names or ISO 3166 letters), a list gives their prefixes. */
        prefixTable?: string | {
          name: string
          prefixes: string[]
        }[]
        unit?: "minute" | "second" | "call"
        /** Multiplies every amount of the file. */
        scale?: string
        strip?: string
        prepend?: string
        onlyRows?: {
          /** A heading, or a position from 1. */
          column: string | number
          in: string[]
        }[]
        removeWhere?: {
          /** A heading, or a position from 1. */
          column: string | number
          in: string[]
        }[]
        duplicates?: "refuse" | "identical" | "last" | "dearest"
        /** true: every column that is not known or named; false: none. */
        ignoreColumns?: boolean | (string | number)[]
        skipTrailer?: number
        /** Of a sheet with prices for several times of day: each makes a deck, and an entry of the plan. */
        windows?: {
          /** Text without control characters, and not of blanks alone. */
          name: string
          columns: {
            /** A heading, a position from 1, or a list of them that is joined. */
            prefix?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            destination?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            rate?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            increment?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            initialIncrement?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            intervalStart?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            perSeconds?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            connectFee?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            minimumPrice?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            maximumPrice?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            maximumPriceAction?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            blocked?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            graceSeconds?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            highRisk?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            prefixTo?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            effectiveAt?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            currency?: string | number | (string | number)[]
          }
          weight?: number
          /** 1 (Monday) to 7; null: every day. */
          days?: number[] | null
          from?: string
          to?: string
          /** Leading digits of the caller's number; null: whoever calls, known or not. */
          originPrefixes?: string[] | null
          /** The window is also asked for the date it begins on; null: every date. */
          calendarId?: string | null
          /** on: on the calendar's days alone; not-on: on all others. */
          calendar?: "on" | "not-on" | null
        }[]
      }
    }
    answer: ImportMapping
  }
  /** Read: import mapping */
  'GET /v1/import-mappings/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: ImportMapping
  }
  /** Change: import mapping */
  'PATCH /v1/import-mappings/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** How a sheet is read whose headings do not say it all: see docs/rate-sheets.md. */
      mapping?: {
        /** Of a workbook: its name, or its position from 1. */
        sheet?: string | number | null
        /** null or 0: there is none, and columns are positions. */
        headerLine?: number | null
        /** One character. */
        separator?: string | null
        encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1252" | "iso-8859-1" | "iso-8859-2" | "iso-8859-15" | "macintosh" | null
        decimalMark?: "." | "," | null
        thousandsMark?: "." | "," | " " | "'" | null
        /** Luxon tokens. */
        dateFormat?: string | null
        /** IANA time zone. */
        timeZone?: string | null
        columns?: {
          /** A heading, a position from 1, or a list of them that is joined. */
          prefix?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          destination?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          rate?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          increment?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          initialIncrement?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          intervalStart?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          perSeconds?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          connectFee?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          minimumPrice?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          maximumPrice?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          maximumPriceAction?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          blocked?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          graceSeconds?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          highRisk?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          prefixTo?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          effectiveAt?: string | number | (string | number)[] | null
          /** A heading, a position from 1, or a list of them that is joined. */
          currency?: string | number | (string | number)[] | null
        } | null
        constants?: {
          /** Amounts as decimal text. */
          prefix?: string | number | boolean | null
          /** Amounts as decimal text. */
          destination?: string | number | boolean | null
          /** Amounts as decimal text. */
          rate?: string | number | boolean | null
          /** Amounts as decimal text. */
          increment?: string | number | boolean | null
          /** Amounts as decimal text. */
          initialIncrement?: string | number | boolean | null
          /** Amounts as decimal text. */
          intervalStart?: string | number | boolean | null
          /** Amounts as decimal text. */
          perSeconds?: string | number | boolean | null
          /** Amounts as decimal text. */
          connectFee?: string | number | boolean | null
          /** Amounts as decimal text. */
          minimumPrice?: string | number | boolean | null
          /** Amounts as decimal text. */
          maximumPrice?: string | number | boolean | null
          /** Amounts as decimal text. */
          maximumPriceAction?: string | number | boolean | null
          /** Amounts as decimal text. */
          blocked?: string | number | boolean | null
          /** Amounts as decimal text. */
          graceSeconds?: string | number | boolean | null
          /** Amounts as decimal text. */
          highRisk?: string | number | boolean | null
          /** Amounts as decimal text. */
          prefixTo?: string | number | boolean | null
          /** Amounts as decimal text. */
          effectiveAt?: string | number | boolean | null
          /** Amounts as decimal text. */
          currency?: string | number | boolean | null
        } | null
        /** The prefix column has names: "numbering" takes them for countries (names or ISO 3166 letters), a list gives their prefixes. */
        prefixTable?: string | {
          name: string
          prefixes: string[]
        }[] | null
        unit?: "minute" | "second" | "call" | null
        /** Multiplies every amount of the file. */
        scale?: string | null
        strip?: string | null
        prepend?: string | null
        onlyRows?: {
          /** A heading, or a position from 1. */
          column: string | number
          in: string[]
        }[] | null
        removeWhere?: {
          /** A heading, or a position from 1. */
          column: string | number
          in: string[]
        }[] | null
        duplicates?: "refuse" | "identical" | "last" | "dearest" | null
        /** true: every column that is not known or named; false: none. */
        ignoreColumns?: boolean | (string | number)[] | null
        skipTrailer?: number | null
        /** Of a sheet with prices for several times of day: each makes a deck, and an entry of the plan. */
        windows?: {
          /** Text without control characters, and not of blanks alone. */
          name: string
          columns: {
            /** A heading, a position from 1, or a list of them that is joined. */
            prefix?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            destination?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            rate?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            increment?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            initialIncrement?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            intervalStart?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            perSeconds?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            connectFee?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            minimumPrice?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            maximumPrice?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            maximumPriceAction?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            blocked?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            graceSeconds?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            highRisk?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            prefixTo?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            effectiveAt?: string | number | (string | number)[]
            /** A heading, a position from 1, or a list of them that is joined. */
            currency?: string | number | (string | number)[]
          }
          weight?: number
          /** 1 (Monday) to 7; null: every day. */
          days?: number[] | null
          from?: string
          to?: string
          /** Leading digits of the caller's number; null: whoever calls, known or not. */
          originPrefixes?: string[] | null
          /** The window is also asked for the date it begins on; null: every date. */
          calendarId?: string | null
          /** on: on the calendar's days alone; not-on: on all others. */
          calendar?: "on" | "not-on" | null
        }[] | null
      } | null
    }
    answer: ImportMapping
  }
  /** Delete: import mapping */
  'DELETE /v1/import-mappings/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** How far is an import? */
  'GET /v1/imports/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Import
  }
  /** Every bad row of an import, up to 16 MiB, for 30 days */
  'GET /v1/imports/{id}/errors.csv': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: invoice number sequence */
  'GET /v1/invoice-number-sequences': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: InvoiceNumberSequence[]
      nextCursor: string | null
    }
  }
  /** Create: invoice number sequence */
  'POST /v1/invoice-number-sequences': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** May hold {yyyy}, {yy} and {mm}, of the day of issue. */
      prefix: string
      width: number
      start?: number
      resetYearly?: boolean
    }
    answer: InvoiceNumberSequence
  }
  /** Read: invoice number sequence */
  'GET /v1/invoice-number-sequences/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: InvoiceNumberSequence
  }
  /** Change: invoice number sequence */
  'PATCH /v1/invoice-number-sequences/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** May hold {yyyy}, {yy} and {mm}, of the day of issue. */
      prefix?: string | null
      width?: number | null
      start?: number | null
      resetYearly?: boolean | null
    }
    answer: InvoiceNumberSequence
  }
  /** Delete: invoice number sequence */
  'DELETE /v1/invoice-number-sequences/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** The number that the next invoice would get */
  'GET /v1/invoice-number-sequences/{id}/next': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: {
      number: string
    }
  }
  /** List: invoice schedule */
  'GET /v1/invoice-schedules': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: InvoiceSchedule[]
      nextCursor: string | null
    }
  }
  /** Create: invoice schedule */
  'POST /v1/invoice-schedules': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      clientId?: string | null
      filter?: {
        billingMethods?: string[]
        currencies?: string[]
        timeZones?: string[]
        languages?: string[]
      }
      unit: "day" | "week" | "month" | "year"
      every?: number
      /** YYYY-MM-DD, local to the client. */
      firstDay: string
      numberSequenceId: string
      email?: string | null
      enabled?: boolean
      /** The client's by default. */
      taxIds?: string[]
      fixedCosts?: {
        fixedCostId: string
        /** A whole number, or decimal text. */
        quantity?: number | string
        /** YYYY-MM-DD, local to the client. */
        from?: string
        /** YYYY-MM-DD, local to the client. */
        to?: string
        taxId?: string
      }[]
      discounts?: {
        /** Text without control characters, and not of blanks alone. */
        description: string
        /** Decimal text, 0 to 100. */
        percent?: string
        /** Decimal text, not negative. */
        amount?: string
      }[]
      dueDays?: number
      runningCalls?: "block" | "next"
      /** Decimal text, not negative. */
      minimumMonthlyAmount?: string | null
      templateId?: string | null
      /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
      buyerReference?: string | null
      /** The buyer's order (BT-13). */
      purchaseOrder?: string | null
    }
    answer: InvoiceSchedule
  }
  /** Read: invoice schedule */
  'GET /v1/invoice-schedules/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: InvoiceSchedule
  }
  /** Change: invoice schedule */
  'PATCH /v1/invoice-schedules/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      clientId?: string | null
      filter?: {
        billingMethods?: string[] | null
        currencies?: string[] | null
        timeZones?: string[] | null
        languages?: string[] | null
      } | null
      unit?: "day" | "week" | "month" | "year" | null
      every?: number | null
      /** YYYY-MM-DD, local to the client. */
      firstDay?: string | null
      numberSequenceId?: string | null
      email?: string | null
      enabled?: boolean | null
      /** The client's by default. */
      taxIds?: string[] | null
      fixedCosts?: {
        fixedCostId: string
        /** A whole number, or decimal text. */
        quantity?: number | string
        /** YYYY-MM-DD, local to the client. */
        from?: string
        /** YYYY-MM-DD, local to the client. */
        to?: string
        taxId?: string
      }[] | null
      discounts?: {
        /** Text without control characters, and not of blanks alone. */
        description: string
        /** Decimal text, 0 to 100. */
        percent?: string
        /** Decimal text, not negative. */
        amount?: string
      }[] | null
      dueDays?: number | null
      runningCalls?: "block" | "next" | null
      /** Decimal text, not negative. */
      minimumMonthlyAmount?: string | null
      templateId?: string | null
      /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
      buyerReference?: string | null
      /** The buyer's order (BT-13). */
      purchaseOrder?: string | null
    }
    answer: InvoiceSchedule
  }
  /** Delete: invoice schedule */
  'DELETE /v1/invoice-schedules/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** What became of the periods of a schedule, the last ones first */
  'GET /v1/invoice-schedules/{id}/periods': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      clientId?: string
      status?: "pending" | "failed" | "issued" | "empty"
    }
    body: undefined
    answer: {
      data: {
        clientId: string
        /** YYYY-MM-DD, local to the client. */
        from: string
        /** YYYY-MM-DD, local to the client. */
        to: string
        /** `empty`: there was nothing to put on an invoice */
        status: "pending" | "failed" | "issued" | "empty"
        attempts: number
        /** RFC 3339, answered in UTC with Z. */
        nextAttemptAt: string | null
        lastError: {
          code: string
          detail: string
          errors: {
            pointer: string
            detail: string
          }[]
        } | null
        invoiceId: string | null
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** List: invoice template */
  'GET /v1/invoice-templates': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: InvoiceTemplate[]
      nextCursor: string | null
    }
  }
  /** Create: invoice template */
  'POST /v1/invoice-templates': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      isDefault?: boolean
      content: Record<string, unknown>
    }
    answer: InvoiceTemplate
  }
  /** What would an invoice look like? */
  'POST /v1/invoice-templates/preview': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** BCP 47. */
      language?: string
      /** ISO 4217. */
      currency?: string
      /** IANA time zone. */
      timeZone?: string
      content?: Record<string, unknown>
      templateId?: string
    }
    answer: Response
  }
  /** Read: invoice template */
  'GET /v1/invoice-templates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: InvoiceTemplate
  }
  /** Change: invoice template */
  'PATCH /v1/invoice-templates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      isDefault?: boolean | null
      content?: Record<string, unknown> | null
    }
    answer: InvoiceTemplate
  }
  /** Delete: invoice template */
  'DELETE /v1/invoice-templates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Invoices, newest first */
  'GET /v1/invoices': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-dueAt" | "dueAt" | "-total" | "total"
      status?: "draft" | "issued" | "paid" | "overdue" | "credited"
      kind?: "invoice" | "credit-note"
      number?: string
      /** YYYY-MM-DD, local to the client. */
      issuedFrom?: string
      /** YYYY-MM-DD, local to the client. */
      issuedTo?: string
      /** YYYY-MM-DD, local to the client. */
      dueFrom?: string
      /** YYYY-MM-DD, local to the client. */
      dueTo?: string
      clientId?: string
      brandId?: string
    }
    body: undefined
    answer: {
      data: {
        id: string
        kind: "invoice" | "credit-note"
        status: "draft" | "issued" | "paid" | "overdue" | "credited"
        number: string | null
        clientId: string
        numberSequenceId: string
        /** YYYY-MM-DD, local to the client. */
        from: string
        /** YYYY-MM-DD, local to the client. */
        to: string
        /** IANA time zone. */
        timeZone: string
        /** ISO 4217. */
        currency: string
        taxes: {
          category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
          /** Decimal text. */
          rate: string
          /** Decimal text. */
          base: string
          /** Decimal text. */
          amount: string
          name: string
          reason: string | null
          reasonCode?: string
        }[]
        /** Decimal text. */
        net: string
        /** Decimal text. */
        tax: string
        /** Decimal text. */
        total: string
        /** Decimal text. */
        prepaidAmount: string
        /** Decimal text. */
        paidAmount: string
        /** Decimal text. */
        creditedAmount: string
        /** Decimal text. */
        amountDue: string
        /** RFC 3339, answered in UTC with Z. */
        issuedAt: string | null
        /** YYYY-MM-DD of the brand's calendar, as printed. */
        issueDay: string | null
        /** YYYY-MM-DD of the brand's calendar, as printed. */
        dueDay: string | null
        /** When the due day has ended in the brand's zone and in the client's: overdue from then on. */
        dueAt: string | null
        creditsInvoiceId: string | null
        reason: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** Draft an invoice */
  'POST /v1/invoices': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      clientId: string
      numberSequenceId: string
      /** YYYY-MM-DD, local to the client. */
      from: string
      /** YYYY-MM-DD, local to the client. */
      to: string
      /** The client's by default. */
      taxIds?: string[]
      fixedCosts?: {
        fixedCostId: string
        /** A whole number, or decimal text. */
        quantity?: number | string
        /** YYYY-MM-DD, local to the client. */
        from?: string
        /** YYYY-MM-DD, local to the client. */
        to?: string
        taxId?: string
      }[]
      discounts?: {
        /** Text without control characters, and not of blanks alone. */
        description: string
        /** Decimal text, 0 to 100. */
        percent?: string
        /** Decimal text, not negative. */
        amount?: string
      }[]
      dueDays?: number
      runningCalls?: "block" | "next"
      /** Decimal text, not negative. */
      minimumMonthlyAmount?: string | null
      templateId?: string | null
      /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
      buyerReference?: string | null
      /** The buyer's order (BT-13). */
      purchaseOrder?: string | null
    }
    answer: Invoice
  }
  /** What an invoice would be now; nothing is kept */
  'POST /v1/invoices/preview': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      clientId: string
      numberSequenceId: string
      /** YYYY-MM-DD, local to the client. */
      from: string
      /** YYYY-MM-DD, local to the client. */
      to: string
      /** The client's by default. */
      taxIds?: string[]
      fixedCosts?: {
        fixedCostId: string
        /** A whole number, or decimal text. */
        quantity?: number | string
        /** YYYY-MM-DD, local to the client. */
        from?: string
        /** YYYY-MM-DD, local to the client. */
        to?: string
        taxId?: string
      }[]
      discounts?: {
        /** Text without control characters, and not of blanks alone. */
        description: string
        /** Decimal text, 0 to 100. */
        percent?: string
        /** Decimal text, not negative. */
        amount?: string
      }[]
      dueDays?: number
      runningCalls?: "block" | "next"
      /** Decimal text, not negative. */
      minimumMonthlyAmount?: string | null
      templateId?: string | null
      /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
      buyerReference?: string | null
      /** The buyer's order (BT-13). */
      purchaseOrder?: string | null
    }
    answer: Invoice
  }
  /** An invoice with its lines and payments */
  'GET /v1/invoices/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Invoice
  }
  /** Delete a draft */
  'DELETE /v1/invoices/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** The calls of the invoice */
  'GET /v1/invoices/{id}.csv': {
    params: {
      id: string
    }
    query: {
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** The invoice as PDF */
  'GET /v1/invoices/{id}.pdf': {
    params: {
      id: string
    }
    query: {
      /** PDF/A-3 with the invoice as `factur-x.xml` in it (CII, level EN 16931); what the level has no words for is 422 `invoice_not_representable`. */
      profile?: "factur-x"
      items?: false
    }
    body: undefined
    answer: Response
  }
  /** The invoice as EN 16931 UBL */
  'GET /v1/invoices/{id}.xml': {
    params: {
      id: string
    }
    query: {
      /** The client's, else the brand's, else en16931. */
      profile?: "en16931" | "peppol-bis-3" | "xrechnung-3"
    }
    body: undefined
    answer: Response
  }
  /** What settled an invoice, or what a negative one settled, beside its payments; newest first */
  'GET /v1/invoices/{id}/allocations': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
    }
    body: undefined
    answer: {
      data: {
        id: string
        /** The negative invoice whose money it is; null: the account's. */
        fromInvoiceId: string | null
        toInvoiceId: string
        /** Below 0: taken back. */
        amount: string
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** The calls of the invoice as PDF */
  'GET /v1/invoices/{id}/annex.pdf': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Credit an invoice, whole or by lines */
  'POST /v1/invoices/{id}/credit-notes': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** All that is left by default. */
      lines?: {
        index: number
        /** A whole number, or decimal text. */
        quantity?: number | string
      }[]
      /** Text without control characters but tabs and line ends. */
      reason?: string
      numberSequenceId?: string
      /** Free the calls of the lines that it credits whole for another invoice: by default where this note alone credits the whole invoice. */
      rebill?: boolean
    } | null
    answer: Invoice
  }
  /** Issue an invoice */
  'POST /v1/invoices/{id}/issue': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      email?: string | null
    } | null
    answer: Invoice
  }
  /** Post a payment; answers the invoice as it stands then */
  'POST /v1/invoices/{id}/payments': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** Below 0: paid out, of a negative invoice, or the reversal of a payment. */
      amount: string
      /** Allocates unallocated money of the account; no money enters or leaves. */
      fromBalance?: boolean
      /** Takes back this payment of the invoice, once. */
      reversesPaymentId?: string | null
      /** RFC 3339, answered in UTC with Z. */
      paidAt?: string
      /** Text without control characters but tabs and line ends. */
      method?: string | null
      /** Text without control characters but tabs and line ends. */
      reference?: string | null
    }
    answer: Invoice
  }
  /** Compute a draft anew, with other terms where some are given */
  'POST /v1/invoices/{id}/recompute': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** The client's by default. */
      taxIds?: string[]
      fixedCosts?: {
        fixedCostId: string
        /** A whole number, or decimal text. */
        quantity?: number | string
        /** YYYY-MM-DD, local to the client. */
        from?: string
        /** YYYY-MM-DD, local to the client. */
        to?: string
        taxId?: string
      }[]
      discounts?: {
        /** Text without control characters, and not of blanks alone. */
        description: string
        /** Decimal text, 0 to 100. */
        percent?: string
        /** Decimal text, not negative. */
        amount?: string
      }[]
      dueDays?: number
      runningCalls?: "block" | "next"
      /** Decimal text, not negative. */
      minimumMonthlyAmount?: string | null
      templateId?: string | null
      /** Assigned by the buyer; in Germany the Leitweg-ID (BT-10). */
      buyerReference?: string | null
      /** The buyer's order (BT-13). */
      purchaseOrder?: string | null
    } | null
    answer: Invoice
  }
  /** What goes on, as server-sent events */
  'GET /v1/live': {
    params: Record<never, never>
    query: {
      /** Of this client alone. */
      clientId?: string
    }
    body: undefined
    answer: Response
  }
  /** Mails, newest first */
  'GET /v1/mails': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
      status?: "pending" | "sent" | "failed" | "cancelled"
      kind?: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low" | "password-reset"
      clientId?: string
    }
    body: undefined
    answer: {
      data: Mail[]
      nextCursor: string | null
    }
  }
  /** One mail */
  'GET /v1/mails/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Mail
  }
  /** Send a failed mail again */
  'POST /v1/mails/{id}/retry': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: Mail
  }
  /** List: media relay set */
  'GET /v1/media-relay-sets': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
    }
    body: undefined
    answer: {
      data: MediaRelaySet[]
      nextCursor: string | null
    }
  }
  /** Create: media relay set */
  'POST /v1/media-relay-sets': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name: string
      relays: {
        /** Text without control characters, and not of blanks alone. */
        name: string
        /** Host, host:port or URI. */
        address: string
      }[]
    }
    answer: MediaRelaySet
  }
  /** Read: media relay set */
  'GET /v1/media-relay-sets/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: MediaRelaySet
  }
  /** Change: media relay set */
  'PATCH /v1/media-relay-sets/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      relays?: {
        /** Text without control characters, and not of blanks alone. */
        name: string
        /** Host, host:port or URI. */
        address: string
      }[] | null
    }
    answer: MediaRelaySet
  }
  /** Delete: media relay set */
  'DELETE /v1/media-relay-sets/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** List: notification template */
  'GET /v1/notification-templates': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
      /** What the mail is about; fixed once made. */
      kind?: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low"
    }
    body: undefined
    answer: {
      data: NotificationTemplate[]
      nextCursor: string | null
    }
  }
  /** Create: notification template */
  'POST /v1/notification-templates': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** What the mail is about; fixed once made. */
      kind: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low"
      /** For clients that have chosen no other; one per kind. */
      isDefault?: boolean
      /** Language tag → content; `es` serves `es-MX`. */
      contents: Record<string, {
        /** Liquid; one line. */
        subject: string
        /** Liquid; the mail as plain text. */
        text: string
        /** Liquid; values are escaped. */
        html: string
      }>
    }
    answer: NotificationTemplate
  }
  /** What mail would come of it? */
  'POST /v1/notification-templates/preview': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** What the mail is about; fixed once made. */
      kind: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low"
      /** BCP 47. */
      language?: string
      /** IANA time zone. */
      timeZone?: string
      /** ISO 4217. */
      currency?: string
      content?: {
        /** Liquid; one line. */
        subject: string
        /** Liquid; the mail as plain text. */
        text: string
        /** Liquid; values are escaped. */
        html: string
      }
      templateId?: string
    }
    answer: {
      /** What the mail is about; fixed once made. */
      kind: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low"
      /** BCP 47. */
      language: string
      /** Whose words they are. */
      from: "content" | "template" | "built-in"
      subject: string
      text: string
      html: string
      /** All that a template of this kind may name, with the values shown here. */
      variables: Record<string, string>
    }
  }
  /** Read: notification template */
  'GET /v1/notification-templates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: NotificationTemplate
  }
  /** Change: notification template */
  'PATCH /v1/notification-templates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** What the mail is about; fixed once made. */
      kind?: "max-daily-usage" | "low-balance" | "invoice" | "invoice-reminder" | "payment-receipt" | "call-report" | "spend-guard" | "allowance-low" | null
      /** For clients that have chosen no other; one per kind. */
      isDefault?: boolean | null
      /** Language tag → content; `es` serves `es-MX`. */
      contents?: Record<string, {
        /** Liquid; one line. */
        subject?: string | null
        /** Liquid; the mail as plain text. */
        text?: string | null
        /** Liquid; values are escaped. */
        html?: string | null
      } | null> | null
    }
    answer: NotificationTemplate
  }
  /** Delete: notification template */
  'DELETE /v1/notification-templates/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Compare another system's prices with ours */
  'POST /v1/price-comparisons': {
    params: Record<never, never>
    query: {
      /** Decimal text, not negative. */
      tolerance?: string
      /** Rows to answer; the sums are of all. */
      only?: "equal" | "different" | "unpriceable" | "not-rated" | "invalid" | "unequal"
      /** call: by the versions of decks and plans in force at the answer; latest: by the newest. */
      asOf?: "call" | "latest"
      /** IANA time zone. */
      timeZone?: string
      /** Of a column duration without units. */
      durationUnit?: "seconds" | "milliseconds" | "nanoseconds"
    }
    body: FileBody | undefined
    answer: Response
  }
  /** What would a call cost? */
  'POST /v1/price-simulations': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      clientId?: string
      ratingPlanId?: string
      to: string
      /** Who calls, written as `to` is; for plans whose entries have originPrefixes. */
      from?: string | null
      /** By which of the client's profiles (outbound); a plan alone prices both alike. */
      direction?: "outbound" | "inbound"
      /** RFC 3339, answered in UTC with Z. */
      answeredAt?: string
      durationSeconds: number
    }
    answer: {
      priced: boolean
      reason?: "invalid_number" | "no_rating_profile" | "destination_not_priced" | "destination_blocked"
      /** Decimal text. */
      price?: string
      /** ISO 4217. */
      currency?: string
      billedSeconds?: number
      toNormalized?: string
      destination?: string
      prefix?: string
      rateDeckId?: string
      ratingPlanId?: string
      ratingProfileId?: string | null
      /** Decimal text. */
      connectFee?: string
      explanation: Record<string, unknown>[]
    }
  }
  /** List: rate deck */
  'GET /v1/rate-decks': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: RateDeck[]
      nextCursor: string | null
    }
  }
  /** Create: rate deck */
  'POST /v1/rate-decks': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** ISO 4217. */
      currency: string
      rounding?: {
        mode?: "up" | "down" | "half-up" | "half-even"
        /** Of the price of a call. */
        decimals?: number
      }
    }
    answer: RateDeck
  }
  /** Read: rate deck */
  'GET /v1/rate-decks/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: RateDeck
  }
  /** Change: rate deck */
  'PATCH /v1/rate-decks/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** ISO 4217. */
      currency?: string | null
      rounding?: {
        mode?: "up" | "down" | "half-up" | "half-even" | null
        /** Of the price of a call. */
        decimals?: number | null
      } | null
    }
    answer: RateDeck
  }
  /** Delete: rate deck */
  'DELETE /v1/rate-decks/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Import rates from a sheet, CSV or XLSX */
  'POST /v1/rate-decks/{id}/imports': {
    params: {
      id: string
    }
    query: {
      mode?: "replace" | "merge"
      dryRun?: boolean
      mapping?: string
      /** Rows that sell for less than it takes get the warning `below_cost`. */
      carrierId?: string
    }
    body: FileBody | undefined
    answer: Import
  }
  /** How would a sheet be read, and what is doubtful? */
  'POST /v1/rate-decks/{id}/imports/inspect': {
    params: {
      id: string
    }
    query: {
      mapping?: string
    }
    body: FileBody | undefined
    answer: InspectedSheet
  }
  /** Rates of the newest version, by prefix */
  'GET /v1/rate-decks/{id}/rates': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** Leading digits. */
      prefix?: string
    }
    body: undefined
    answer: {
      data: {
        /** Digits, or "*" for what nothing longer matches. */
        prefix: string
        destination: string
        steps: {
          fromSecond: number
          /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
          rate: string
          perSeconds: number
          incrementSeconds: number
        }[]
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        connectFee: string
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        minimumPrice: string | null
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        maximumPrice: string | null
        maximumPriceAction: "free" | "hang-up"
        blocked: boolean
        graceSeconds: number
        highRisk: boolean | null
      }[]
      nextCursor: string | null
    }
  }
  /** Replace all rates */
  'PUT /v1/rate-decks/{id}/rates': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      /** Digits, or "*" for what nothing longer matches. */
      prefix: string
      destination?: string
      steps: {
        fromSecond?: number
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        rate: string
        perSeconds?: number
        incrementSeconds?: number
      }[]
      /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
      connectFee?: string
      /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
      minimumPrice?: string | null
      /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
      maximumPrice?: string | null
      maximumPriceAction?: "free" | "hang-up"
      blocked?: boolean
      graceSeconds?: number
      highRisk?: boolean | null
    }[]
    answer: {
      version: number
      /** RFC 3339, answered in UTC with Z. */
      effectiveAt: string | null
      summary: Record<string, unknown>
    }
  }
  /** All rates of the newest version as CSV */
  'GET /v1/rate-decks/{id}/rates.csv': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** All rates of the newest version as XLSX */
  'GET /v1/rate-decks/{id}/rates.xlsx': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Versions of a deck, the newest first */
  'GET /v1/rate-decks/{id}/rates/versions': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
    }
    body: undefined
    answer: {
      data: {
        version: number
        /** From then on; the first one holds for all time before, too. */
        effectiveAt: string
        /** How many it has. */
        rates: number
        rounding: {
          mode?: "up" | "down" | "half-up" | "half-even"
          /** Of the price of a call. */
          decimals?: number
        }
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** Go back to a version */
  'POST /v1/rate-decks/{id}/rates/versions/{version}/restore': {
    params: {
      id: string
      version: number
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: {
      version: number
      /** RFC 3339, answered in UTC with Z. */
      effectiveAt: string | null
      summary: Record<string, unknown>
    }
  }
  /** List: rating plan */
  'GET /v1/rating-plans': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: RatingPlan[]
      nextCursor: string | null
    }
  }
  /** Create: rating plan */
  'POST /v1/rating-plans': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** ISO 4217. */
      currency: string
      /** IANA time zone. */
      timeZone?: string | null
      entries?: {
        rateDeckId: string
        weight?: number
        /** 1 (Monday) to 7; null: every day. */
        days?: number[] | null
        from?: string
        to?: string
        /** Leading digits of the caller's number; null: whoever calls, known or not. */
        originPrefixes?: string[] | null
        /** The window is also asked for the date it begins on; null: every date. */
        calendarId?: string | null
        /** on: on the calendar's days alone; not-on: on all others. */
        calendar?: "on" | "not-on" | null
      }[]
    }
    answer: RatingPlan
  }
  /** Import a plan from a sheet with prices for several times of day */
  'POST /v1/rating-plans/import': {
    params: Record<never, never>
    query: {
      /** Its name, and how the names of its decks begin. */
      ratingPlan: string
      /** ISO 4217. */
      currency: string
      /** Of the windows; left out: each client's own. */
      timeZone?: string
      /** Of decks that are made; up where left out. */
      roundingMode?: "up" | "down" | "half-up" | "half-even"
      /** Likewise; 4. */
      roundingDecimals?: number
      brandId?: string
      dryRun?: boolean
      mapping?: string
      /** A deck or plan to write over, whoever made it; again for more. */
      replace?: string[] | string
    }
    body: FileBody | undefined
    answer: PlanImport
  }
  /** Read: rating plan */
  'GET /v1/rating-plans/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: RatingPlan
  }
  /** Change: rating plan */
  'PATCH /v1/rating-plans/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** ISO 4217. */
      currency?: string | null
      /** IANA time zone. */
      timeZone?: string | null
      entries?: {
        rateDeckId: string
        weight?: number
        /** 1 (Monday) to 7; null: every day. */
        days?: number[] | null
        from?: string
        to?: string
        /** Leading digits of the caller's number; null: whoever calls, known or not. */
        originPrefixes?: string[] | null
        /** The window is also asked for the date it begins on; null: every date. */
        calendarId?: string | null
        /** on: on the calendar's days alone; not-on: on all others. */
        calendar?: "on" | "not-on" | null
      }[] | null
    }
    answer: RatingPlan
  }
  /** Delete: rating plan */
  'DELETE /v1/rating-plans/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** What a plan leaves over what a carrier takes, by prefix */
  'GET /v1/rating-plans/{id}/margins': {
    params: {
      id: string
    }
    query: {
      carrierId: string
      /** RFC 3339, answered in UTC with Z. */
      at?: string
      /** Only prefixes whose margin is less. */
      below?: string
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
    }
    body: undefined
    answer: {
      /** How long the compared call is: the brand's `lcrSeconds`. */
      seconds: number
      /** ISO 4217. */
      currency: string
      /** ISO 4217. */
      costCurrency: string
      /** How much of `currency` 1 of `costCurrency` is. */
      exchangeRate: string
      data: {
        prefix: string
        destination: string
        /** Decimal text. */
        price: string | null
        priceReason: "invalid_number" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | null
        /** Decimal text. */
        cost: string | null
        costReason: "invalid_number" | "no_rating_profile" | "destination_not_priced" | "destination_blocked" | null
        /** Decimal text. */
        margin: string | null
      }[]
      nextCursor: string | null
    }
  }
  /** What each of a plan's decks asks for a number */
  'GET /v1/rating-plans/{id}/prices': {
    params: {
      id: string
    }
    query: {
      number: string
      /** Who calls, written as `number` is. */
      from?: string
      /** RFC 3339, answered in UTC with Z. */
      at?: string
      /** IANA time zone. */
      timeZone?: string
    }
    body: undefined
    answer: {
      number: string
      toNormalized: string
      ratingPlanId: string
      ratingPlanVersion: number | null
      /** ISO 4217. */
      currency: string
      prices: {
        /** Digits, or "*" for what nothing longer matches. */
        prefix: string
        destination: string
        steps: {
          fromSecond: number
          /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
          rate: string
          perSeconds: number
          incrementSeconds: number
        }[]
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        connectFee: string
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        minimumPrice: string | null
        /** Decimal text, 0 to 1,000,000 with up to 10 decimals. */
        maximumPrice: string | null
        maximumPriceAction: "free" | "hang-up"
        blocked: boolean
        graceSeconds: number
        highRisk: boolean | null
        rateDeckId: string
        rateDeckVersion: number
        weight: number
        originPrefixes: string[] | null
        window: {
          days: number[] | null
          from: string
          to: string
          /** IANA time zone. */
          timeZone: string
          calendar?: "on" | "not-on"
        }
        isOpen: boolean
        /** A call answered then would begin with this rate. */
        chosen: boolean
      }[]
    }
  }
  /** The whole price list of a plan as CSV */
  'GET /v1/rating-plans/{id}/prices.csv': {
    params: {
      id: string
    }
    query: {
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** The whole price list of a plan as a workbook */
  'GET /v1/rating-plans/{id}/prices.xlsx': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Price calls anew */
  'POST /v1/re-ratings': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** Calls that match all of it; `from` and `to` are a half-open span of the answer. */
      filter?: {
        clientId?: string
        brandId?: string
        /** RFC 3339, answered in UTC with Z. */
        from?: string
        /** RFC 3339, answered in UTC with Z. */
        to?: string
        status?: "priced" | "rejected" | "lost-end"
        reason?: string
        /** Text without control characters, and not of blanks alone. */
        destination?: string
        prefix?: string
        ratingPlanId?: string
        ratingProfileId?: string
        rateDeckId?: string
      }
      callIds?: {
        clientId: string
        callId: string
      } | string[]
      /** Makes a version effective in the past, and prices every call of the brand answered since then anew. */
      backdate?: {
        rateDeckId?: string
        ratingPlanId?: string
        version: number
        /** RFC 3339, answered in UTC with Z. */
        effectiveAt: string
      }
      /** price (without it): what the client pays; cost: what the carrier takes, which moves no balance. Amounts of the answer are then in the carrier's currency. */
      what?: "price" | "cost"
      dryRun?: boolean
    }
    answer: ReRating
  }
  /** Re-ratings, newest first */
  'GET /v1/re-ratings': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
    }
    body: undefined
    answer: {
      data: {
        id: string
        status: "running" | "done" | "failed"
        dryRun: boolean
        /** As asked. */
        request: Record<string, unknown>
        callsTotal: number
        callsDone: number
        /** How many calls came to each outcome. */
        counts: Record<string, number>
        /** Sums of the prices of its calls. */
        totals: {
          /** ISO 4217. */
          currency: string
          /** Decimal text. */
          before: string
          /** Decimal text. */
          after: string
          /** Decimal text. */
          difference: string
        }[]
        error: string | null
        actor: string
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        finishedAt: string | null
      }[]
      nextCursor: string | null
    }
  }
  /** How far is a re-rating, and what does it change? */
  'GET /v1/re-ratings/{id}': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      outcome?: "changed" | "unchanged" | "unpriceable" | "invoiced" | "waived" | "skipped"
    }
    body: undefined
    answer: ReRating
  }
  /** What clients owe, by days since it was due */
  'GET /v1/receivables': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      brandId?: string
    }
    body: undefined
    answer: {
      data: {
        clientId: string
        clientName: string
        /** ISO 4217. */
        currency: string
        invoices: number
        /** Decimal text. */
        notDue: string
        /** Decimal text. */
        upTo30: string
        /** Decimal text. */
        upTo60: string
        /** Decimal text. */
        upTo90: string
        /** Decimal text. */
        over90: string
        /** Decimal text. */
        due: string
      }[]
      nextCursor: string | null
    }
  }
  /** List: report schedule */
  'GET /v1/report-schedules': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
    }
    body: undefined
    answer: {
      data: ReportSchedule[]
      nextCursor: string | null
    }
  }
  /** Create: report schedule */
  'POST /v1/report-schedules': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      clientId?: string | null
      report: "calls" | "usage" | "balances" | "statements" | "rejected-calls" | "denials" | "invoices" | "receivables" | "guard-events" | "margins" | "allowances" | "tax" | "journal"
      format: "json" | "csv" | "xlsx" | "parquet"
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string | null
      filter?: {
        status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
        direction?: "outbound" | "inbound"
        /** Leading digits. */
        toNormalized?: string
        destination?: string
        /** name:value */
        label?: string
        datedBy?: "period" | "issue"
        /** Only groups whose margin is less. */
        below?: string
        /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
        currency?: string
      }
      groupBy?: string | null
      unit: "day" | "week" | "month"
      every?: number
      /** YYYY-MM-DD, local to the client. */
      firstDay: string
      /** IANA time zone. */
      timeZone?: string | null
      /** Waited for after the last day; 60. */
      delayMinutes?: number
      emails?: string[]
      directory?: string | null
      enabled?: boolean
    }
    answer: ReportSchedule
  }
  /** Read: report schedule */
  'GET /v1/report-schedules/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: ReportSchedule
  }
  /** Change: report schedule */
  'PATCH /v1/report-schedules/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      clientId?: string | null
      report?: "calls" | "usage" | "balances" | "statements" | "rejected-calls" | "denials" | "invoices" | "receivables" | "guard-events" | "margins" | "allowances" | "tax" | "journal" | null
      format?: "json" | "csv" | "xlsx" | "parquet" | null
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet" | null
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string | null
      filter?: {
        status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end" | null
        direction?: "outbound" | "inbound" | null
        /** Leading digits. */
        toNormalized?: string | null
        destination?: string | null
        /** name:value */
        label?: string | null
        datedBy?: "period" | "issue" | null
        /** Only groups whose margin is less. */
        below?: string | null
        /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
        currency?: string | null
      } | null
      groupBy?: string | null
      unit?: "day" | "week" | "month" | null
      every?: number | null
      /** YYYY-MM-DD, local to the client. */
      firstDay?: string | null
      /** IANA time zone. */
      timeZone?: string | null
      /** Waited for after the last day; 60. */
      delayMinutes?: number | null
      emails?: string[] | null
      directory?: string | null
      enabled?: boolean | null
    }
    answer: ReportSchedule
  }
  /** Delete: report schedule */
  'DELETE /v1/report-schedules/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** What became of the periods of a schedule, the last ones first */
  'GET /v1/report-schedules/{id}/periods': {
    params: {
      id: string
    }
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      status?: "pending" | "failed" | "done"
    }
    body: undefined
    answer: {
      data: {
        /** YYYY-MM-DD, local to the client. */
        from: string
        /** YYYY-MM-DD, local to the client. */
        to: string
        /** `done`: the file is in its folder, or the mails are written */
        status: "pending" | "failed" | "done"
        attempts: number
        /** RFC 3339, answered in UTC with Z. */
        nextAttemptAt: string | null
        lastError: {
          code: string
          detail: string
        } | null
        /** RFC 3339, answered in UTC with Z. */
        deliveredAt: string | null
        rows: number | null
        file: string | null
        mails: {
          id: string
          recipient: string
          status: "pending" | "sent" | "failed"
          /** RFC 3339, answered in UTC with Z. */
          sentAt: string | null
          lastError: string | null
        }[]
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** What is used and left of each item of the periods of allowances, and their fees */
  'GET /v1/reports/allowances': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** What is used and left of each item of the periods of allowances, and their fees */
  'GET /v1/reports/allowances.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** What is used and left of each item of the periods of allowances, and their fees */
  'GET /v1/reports/allowances.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** What is used and left of each item of the periods of allowances, and their fees */
  'GET /v1/reports/allowances.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** What is used and left of each item of the periods of allowances, and their fees */
  'GET /v1/reports/allowances.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** What each account holds now; with days, how it moved between them */
  'GET /v1/reports/balances': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** What each account holds now; with days, how it moved between them */
  'GET /v1/reports/balances.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** What each account holds now; with days, how it moved between them */
  'GET /v1/reports/balances.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** What each account holds now; with days, how it moved between them */
  'GET /v1/reports/balances.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** What each account holds now; with days, how it moved between them */
  'GET /v1/reports/balances.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls one by one, newest first */
  'GET /v1/reports/calls': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      destination?: string
      /** name:value */
      label?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls one by one, newest first */
  'GET /v1/reports/calls.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      destination?: string
      /** name:value */
      label?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls one by one, newest first */
  'GET /v1/reports/calls.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      destination?: string
      /** name:value */
      label?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls one by one, newest first */
  'GET /v1/reports/calls.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      destination?: string
      /** name:value */
      label?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls one by one, newest first */
  'GET /v1/reports/calls.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      status?: "authorized" | "started" | "priced" | "unpriced" | "unanswered" | "rejected" | "expired" | "lost-end"
      direction?: "outbound" | "inbound"
      /** Leading digits. */
      toNormalized?: string
      destination?: string
      /** name:value */
      label?: string
    }
    body: undefined
    answer: Response
  }
  /** Denied authorizations, by reason */
  'GET /v1/reports/denials': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Denied authorizations, by reason */
  'GET /v1/reports/denials.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Denied authorizations, by reason */
  'GET /v1/reports/denials.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Denied authorizations, by reason */
  'GET /v1/reports/denials.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Denied authorizations, by reason */
  'GET /v1/reports/denials.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Spend guards that tripped, by guard, client and hour */
  'GET /v1/reports/guard-events': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Spend guards that tripped, by guard, client and hour */
  'GET /v1/reports/guard-events.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Spend guards that tripped, by guard, client and hour */
  'GET /v1/reports/guard-events.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Spend guards that tripped, by guard, client and hour */
  'GET /v1/reports/guard-events.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Spend guards that tripped, by guard, client and hour */
  'GET /v1/reports/guard-events.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Invoices and credit notes with what is due on them */
  'GET /v1/reports/invoices': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      datedBy?: "period" | "issue"
    }
    body: undefined
    answer: Response
  }
  /** Invoices and credit notes with what is due on them */
  'GET /v1/reports/invoices.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      datedBy?: "period" | "issue"
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Invoices and credit notes with what is due on them */
  'GET /v1/reports/invoices.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      datedBy?: "period" | "issue"
    }
    body: undefined
    answer: Response
  }
  /** Invoices and credit notes with what is due on them */
  'GET /v1/reports/invoices.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      datedBy?: "period" | "issue"
    }
    body: undefined
    answer: Response
  }
  /** Invoices and credit notes with what is due on them */
  'GET /v1/reports/invoices.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      datedBy?: "period" | "issue"
    }
    body: undefined
    answer: Response
  }
  /** Entries for the brand's bookkeeping: what was issued, and the money that came */
  'GET /v1/reports/journal': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** Entries for the brand's bookkeeping: what was issued, and the money that came */
  'GET /v1/reports/journal.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Entries for the brand's bookkeeping: what was issued, and the money that came */
  'GET /v1/reports/journal.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** Entries for the brand's bookkeeping: what was issued, and the money that came */
  'GET /v1/reports/journal.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** Entries for the brand's bookkeeping: what was issued, and the money that came */
  'GET /v1/reports/journal.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
    }
    body: undefined
    answer: Response
  }
  /** Price, cost and margin by client, destination, carrier, day or month */
  'GET /v1/reports/margins': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      destination?: string
      /** Only groups whose margin is less. */
      below?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, carrier, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Price, cost and margin by client, destination, carrier, day or month */
  'GET /v1/reports/margins.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      destination?: string
      /** Only groups whose margin is less. */
      below?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, carrier, day, month. */
      groupBy?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Price, cost and margin by client, destination, carrier, day or month */
  'GET /v1/reports/margins.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      destination?: string
      /** Only groups whose margin is less. */
      below?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, carrier, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Price, cost and margin by client, destination, carrier, day or month */
  'GET /v1/reports/margins.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      destination?: string
      /** Only groups whose margin is less. */
      below?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, carrier, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Price, cost and margin by client, destination, carrier, day or month */
  'GET /v1/reports/margins.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      destination?: string
      /** Only groups whose margin is less. */
      below?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, carrier, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** What clients owe, by days since the due day */
  'GET /v1/reports/receivables': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** What clients owe, by days since the due day */
  'GET /v1/reports/receivables.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** What clients owe, by days since the due day */
  'GET /v1/reports/receivables.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** What clients owe, by days since the due day */
  'GET /v1/reports/receivables.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** What clients owe, by days since the due day */
  'GET /v1/reports/receivables.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls that ended and could not be priced, by reason */
  'GET /v1/reports/rejected-calls': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls that ended and could not be priced, by reason */
  'GET /v1/reports/rejected-calls.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls that ended and could not be priced, by reason */
  'GET /v1/reports/rejected-calls.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls that ended and could not be priced, by reason */
  'GET /v1/reports/rejected-calls.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Calls that ended and could not be priced, by reason */
  'GET /v1/reports/rejected-calls.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: client, reason, day, month. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Every movement of the balances */
  'GET /v1/reports/statements': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Every movement of the balances */
  'GET /v1/reports/statements.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Every movement of the balances */
  'GET /v1/reports/statements.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Every movement of the balances */
  'GET /v1/reports/statements.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** Every movement of the balances */
  'GET /v1/reports/statements.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Instead of each client's own. */
      timeZone?: string
    }
    body: undefined
    answer: Response
  }
  /** VAT of issued invoices and credit notes, by rate, category, country and tax number */
  'GET /v1/reports/tax': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: document, client, month, category, rate, country, taxId. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** VAT of issued invoices and credit notes, by rate, category, country and tax number */
  'GET /v1/reports/tax.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: document, client, month, category, rate, country, taxId. */
      groupBy?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** VAT of issued invoices and credit notes, by rate, category, country and tax number */
  'GET /v1/reports/tax.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: document, client, month, category, rate, country, taxId. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** VAT of issued invoices and credit notes, by rate, category, country and tax number */
  'GET /v1/reports/tax.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: document, client, month, category, rate, country, taxId. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** VAT of issued invoices and credit notes, by rate, category, country and tax number */
  'GET /v1/reports/tax.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      /** Separated by commas: document, client, month, category, rate, country, taxId. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Usage in groups, with ASR and ACD */
  'GET /v1/reports/usage': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      direction?: "outbound" | "inbound"
      destination?: string
      /** name:value */
      label?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, country, day, month, hour, label:<name>. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Usage in groups, with ASR and ACD */
  'GET /v1/reports/usage.csv': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      direction?: "outbound" | "inbound"
      destination?: string
      /** name:value */
      label?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, country, day, month, hour, label:<name>. */
      groupBy?: string
      /** Of CSV. raw, where nothing is said: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused. */
      flavour?: "raw" | "spreadsheet"
      /** Of the spreadsheet flavour: decimal mark and separator of this language, as es has comma and semicolon. XLSX needs none and is the better file for a spreadsheet. */
      locale?: string
    }
    body: undefined
    answer: Response
  }
  /** Usage in groups, with ASR and ACD */
  'GET /v1/reports/usage.json': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      direction?: "outbound" | "inbound"
      destination?: string
      /** name:value */
      label?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, country, day, month, hour, label:<name>. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Usage in groups, with ASR and ACD */
  'GET /v1/reports/usage.parquet': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      direction?: "outbound" | "inbound"
      destination?: string
      /** name:value */
      label?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, country, day, month, hour, label:<name>. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Usage in groups, with ASR and ACD */
  'GET /v1/reports/usage.xlsx': {
    params: Record<never, never>
    query: {
      /** Of a platform key: this brand alone. */
      brandId?: string
      clientId?: string
      /** YYYY-MM-DD, local to the client. */
      from?: string
      /** YYYY-MM-DD, local to the client. */
      to?: string
      direction?: "outbound" | "inbound"
      destination?: string
      /** name:value */
      label?: string
      /** All amounts in it, by the exchange rate that is valid when the span ends; each row says which. */
      currency?: string
      /** Separated by commas: client, destination, country, day, month, hour, label:<name>. */
      groupBy?: string
    }
    body: undefined
    answer: Response
  }
  /** Log in */
  'POST /v1/sessions': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** A client's id or SIP domain: the portal's users. */
      client?: string
      /** Or a brand's id or name: the console's users. */
      brand?: string
      /** In any case of letters. */
      username: string
      password: string
    }
    answer: {
      /** For `Authorization: Bearer …`. */
      accessToken: string
      tokenType: "Bearer"
      /** Seconds until the access token ends. */
      expiresIn: number
      /** Good once: for a new pair of tokens. */
      refreshToken: string
      /** RFC 3339, answered in UTC with Z. */
      refreshExpiresAt: string
      admin: {
        id: string
        clientId: string
        /** Unique within the client in any case of letters; may be a mail address. */
        username: string
        /** Text without control characters, and not of blanks alone. */
        name: string
        email: string | null
        /** Cannot log in, and is logged out. */
        suspended: boolean
        /** Whether `rights` limits this admin. */
        restricted: boolean
        /** Resource → letters; what is not named is refused. Counts where `restricted` is true. */
        rights: Record<string, string>
        hasPassword: boolean
        /** RFC 3339, answered in UTC with Z. */
        lastLoginAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      } | {
        id: string
        brandId: string
        /** Unique within the brand in any case of letters. */
        username: string
        /** Text without control characters, and not of blanks alone. */
        name: string
        email: string | null
        /** Cannot log in, and is logged out. */
        suspended: boolean
        /** owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads. */
        role: "owner" | "operator" | "finance" | "viewer"
        hasPassword: boolean
        /** RFC 3339, answered in UTC with Z. */
        lastLoginAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }
    }
  }
  /** Log out */
  'DELETE /v1/sessions': {
    params: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Log in to a page of the service */
  'POST /v1/sessions/cookie': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** A client's id or SIP domain: the portal's users. */
      client?: string
      /** Or a brand's id or name: the console's users. */
      brand?: string
      /** In any case of letters. */
      username: string
      password: string
    }
    answer: {
      /** RFC 3339, answered in UTC with Z. */
      expiresAt: string
    }
  }
  /** Log in to a page of the service with an API key */
  'POST /v1/sessions/cookie/key': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      key: string
    }
    answer: Response
  }
  /** Ask for a link that sets a new password */
  'POST /v1/sessions/forgotten-password': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** A client's id or SIP domain: the portal's users. */
      client?: string
      /** Or a brand's id or name: the console's users. */
      brand?: string
      /** In any case of letters. */
      username: string
    }
    answer: Response
  }
  /** Who asks, and what they may do */
  'GET /v1/sessions/me': {
    params: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: {
      role: "platform" | "brand" | "client" | "engine" | "finance"
      brand: {
        id: string
        name: string
        /** ISO 4217. */
        currency: string
        /** BCP 47. */
        language: string
        /** IANA time zone. */
        timeZone: string
      } | null
      client: {
        id: string
        name: string
        sipDomain: string
        /** ISO 4217. */
        currency: string
        /** BCP 47. */
        language: string
        /** IANA time zone. */
        timeZone: string
        features: ("billing" | "invoices" | "recordings" | "voiceNotifications" | "queues" | "conferences" | "faxes" | "friends")[]
        billingMethod: "postpaid" | "prepaid" | "pseudoprepaid" | "none"
        portalVisibility: {
          invoices: boolean
          ratingProfiles: boolean
          callPrices: boolean
        }
      } | null
      /** Who has logged in; null for a key or token. */
      admin: {
        id: string
        clientId: string
        /** Unique within the client in any case of letters; may be a mail address. */
        username: string
        /** Text without control characters, and not of blanks alone. */
        name: string
        email: string | null
        /** Cannot log in, and is logged out. */
        suspended: boolean
        /** Whether `rights` limits this admin. */
        restricted: boolean
        /** Resource → letters; what is not named is refused. Counts where `restricted` is true. */
        rights: Record<string, string>
        hasPassword: boolean
        /** RFC 3339, answered in UTC with Z. */
        lastLoginAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      } | {
        id: string
        brandId: string
        /** Unique within the brand in any case of letters. */
        username: string
        /** Text without control characters, and not of blanks alone. */
        name: string
        email: string | null
        /** Cannot log in, and is logged out. */
        suspended: boolean
        /** owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads. */
        role: "owner" | "operator" | "finance" | "viewer"
        hasPassword: boolean
        /** RFC 3339, answered in UTC with Z. */
        lastLoginAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      } | null
      keyId: string | null
      /** When the key ends. */
      expiresAt: string | null
      /** Resource → letters of "crud" that the asker has; what is not named is refused or hidden. */
      rights: Record<string, string>
    }
  }
  /** Set a new password with the token of a link */
  'POST /v1/sessions/new-password': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** What stands behind the # of the link. */
      token: string
      /** Never shown again. Ends the other logins of the admin. */
      newPassword: string
    }
    answer: Response
  }
  /** Change your own password */
  'PUT /v1/sessions/password': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      /** The password until now. */
      currentPassword: string
      /** Never shown again. Ends the other logins of the admin. */
      newPassword: string
    }
    answer: Response
  }
  /** New tokens */
  'POST /v1/sessions/refresh': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      refreshToken: string
    }
    answer: {
      /** For `Authorization: Bearer …`. */
      accessToken: string
      tokenType: "Bearer"
      /** Seconds until the access token ends. */
      expiresIn: number
      /** Good once: for a new pair of tokens. */
      refreshToken: string
      /** RFC 3339, answered in UTC with Z. */
      refreshExpiresAt: string
      admin: {
        id: string
        clientId: string
        /** Unique within the client in any case of letters; may be a mail address. */
        username: string
        /** Text without control characters, and not of blanks alone. */
        name: string
        email: string | null
        /** Cannot log in, and is logged out. */
        suspended: boolean
        /** Whether `rights` limits this admin. */
        restricted: boolean
        /** Resource → letters; what is not named is refused. Counts where `restricted` is true. */
        rights: Record<string, string>
        hasPassword: boolean
        /** RFC 3339, answered in UTC with Z. */
        lastLoginAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      } | {
        id: string
        brandId: string
        /** Unique within the brand in any case of letters. */
        username: string
        /** Text without control characters, and not of blanks alone. */
        name: string
        email: string | null
        /** Cannot log in, and is logged out. */
        suspended: boolean
        /** owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads. */
        role: "owner" | "operator" | "finance" | "viewer"
        hasPassword: boolean
        /** RFC 3339, answered in UTC with Z. */
        lastLoginAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
        /** RFC 3339, answered in UTC with Z. */
        updatedAt: string
      }
    }
  }
  /** List: spend guard */
  'GET /v1/spend-guards': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
      clientId?: string
    }
    body: undefined
    answer: {
      data: SpendGuard[]
      nextCursor: string | null
    }
  }
  /** Create: spend guard */
  'POST /v1/spend-guards': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** null: each client of the brand, singly. */
      clientId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name: string
      enabled?: boolean
      when?: {
        /** 1 (Monday) to 7; null: every day. */
        days?: number[] | null
        from?: string
        /** Earlier than `from`: on the next day. */
        to?: string
        /** null: the client's. */
        timeZone?: string | null
      } | null
      /** Leading digits of the numbers called, as E.164; null: whatever number. */
      prefixes?: string[] | null
      /** Satellites, premium and shared-cost numbers, or what a rate says of itself. */
      highRisk?: true | null
      /** One at least. */
      limits: {
        /** In the brand's currency. */
        spendPerHour?: string
        /** Of the last 24 hours. */
        spendPerDay?: string
        callsPerMinute?: number
        runningCalls?: number
        distinctNumbersPerHour?: number
        /** A country without an answered call of the client in 90 days. Decides for its limit alone, whatever the action. */
        newCountries?: "alert" | "deny"
      }
      action?: "alert" | "deny" | "deny-and-hang-up"
      /** Who is told. null: the client's `maxDailyUsageEmail`, else the brand's reply address or sender. */
      email?: string | null
    }
    answer: SpendGuard
  }
  /** What a guard would have stopped */
  'POST /v1/spend-guards/test': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      guard: {
        brandId?: string
        /** null: each client of the brand, singly. */
        clientId?: string | null
        /** Text without control characters, and not of blanks alone. */
        name: string
        enabled?: boolean
        when?: {
          /** 1 (Monday) to 7; null: every day. */
          days?: number[] | null
          from?: string
          /** Earlier than `from`: on the next day. */
          to?: string
          /** null: the client's. */
          timeZone?: string | null
        } | null
        /** Leading digits of the numbers called, as E.164; null: whatever number. */
        prefixes?: string[] | null
        /** Satellites, premium and shared-cost numbers, or what a rate says of itself. */
        highRisk?: true | null
        /** One at least. */
        limits: {
          /** In the brand's currency. */
          spendPerHour?: string
          /** Of the last 24 hours. */
          spendPerDay?: string
          callsPerMinute?: number
          runningCalls?: number
          distinctNumbersPerHour?: number
          /** A country without an answered call of the client in 90 days. Decides for its limit alone, whatever the action. */
          newCountries?: "alert" | "deny"
        }
        action?: "alert" | "deny" | "deny-and-hang-up"
        /** Who is told. null: the client's `maxDailyUsageEmail`, else the brand's reply address or sender. */
        email?: string | null
      }
      /** The last ones; 30. */
      days?: number
    }
    answer: {
      days: number
      /** ISO 4217. */
      currency: string
      calls: number
      /** Decimal text. */
      spent: string
      /** Refused, or hung up. */
      stoppedCalls: number
      /** What they, or their rest, have cost. */
      stoppedSpend: string
      /** Hours in which it would have told, for each client singly. */
      trips: number
      /** Those for which it would have tripped, 100 at most; of whom most would have been stopped first. */
      clients: {
        clientId: string
        /** Refused, or hung up. */
        stoppedCalls: number
        /** What they, or their rest, have cost. */
        stoppedSpend: string
        /** Hours in which it would have told, for each client singly. */
        trips: number
        /** RFC 3339, answered in UTC with Z. */
        firstAt: string
      }[]
    }
  }
  /** Read: spend guard */
  'GET /v1/spend-guards/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: SpendGuard
  }
  /** Change: spend guard */
  'PATCH /v1/spend-guards/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** null: each client of the brand, singly. */
      clientId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      enabled?: boolean | null
      when?: {
        /** 1 (Monday) to 7; null: every day. */
        days?: number[] | null
        from?: string | null
        /** Earlier than `from`: on the next day. */
        to?: string | null
        /** null: the client's. */
        timeZone?: string | null
      } | null
      /** Leading digits of the numbers called, as E.164; null: whatever number. */
      prefixes?: string[] | null
      /** Satellites, premium and shared-cost numbers, or what a rate says of itself. */
      highRisk?: true | null
      /** One at least. */
      limits?: {
        /** In the brand's currency. */
        spendPerHour?: string | null
        /** Of the last 24 hours. */
        spendPerDay?: string | null
        callsPerMinute?: number | null
        runningCalls?: number | null
        distinctNumbersPerHour?: number | null
        /** A country without an answered call of the client in 90 days. Decides for its limit alone, whatever the action. */
        newCountries?: "alert" | "deny" | null
      } | null
      action?: "alert" | "deny" | "deny-and-hang-up" | null
      /** Who is told. null: the client's `maxDailyUsageEmail`, else the brand's reply address or sender. */
      email?: string | null
    }
    answer: SpendGuard
  }
  /** Delete: spend guard */
  'DELETE /v1/spend-guards/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Let a client pass for a while */
  'POST /v1/spend-guards/{id}/lift': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      clientId: string
      /** From now on; 0 ends a lift. */
      minutes: number
    }
    answer: {
      guardId: string
      clientId: string
      /** RFC 3339, answered in UTC with Z. */
      until: string
    }
  }
  /** Import another system's decks, plans and profiles */
  'POST /v1/tariff-imports': {
    params: Record<never, never>
    query: {
      /** The system they come from */
      source: string
      brandId?: string
      dryRun?: boolean
      /** A deck or plan to write over, whoever made it; again for more. */
      replace?: string[] | string
    }
    body: FileBody | undefined
    answer: TariffImport
  }
  /** List: tax */
  'GET /v1/taxes': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt" | "-name" | "name"
      brandId?: string
    }
    body: undefined
    answer: {
      data: Tax[]
      nextCursor: string | null
    }
  }
  /** Create: tax */
  'POST /v1/taxes': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** Text without control characters, and not of blanks alone. */
      name: string
      /** Percent. */
      rate: string
      /** S standard, Z zero rate, E exempt, AE reverse charge, K supply within the Union, G export, O outside the scope of VAT, L IGIC (Canary Islands), M IPSI (Ceuta, Melilla) */
      category: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M"
      /** Text without control characters but tabs and line ends. */
      reason?: string | null
      /** The reason as a code of the list VATEX; with categories E, AE, K, G, O. */
      reasonCode?: string | null
    }
    answer: Tax
  }
  /** Read: tax */
  'GET /v1/taxes/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Tax
  }
  /** Change: tax */
  'PATCH /v1/taxes/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** Text without control characters, and not of blanks alone. */
      name?: string | null
      /** Percent. */
      rate?: string | null
      /** S standard, Z zero rate, E exempt, AE reverse charge, K supply within the Union, G export, O outside the scope of VAT, L IGIC (Canary Islands), M IPSI (Ceuta, Melilla) */
      category?: "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M" | null
      /** Text without control characters but tabs and line ends. */
      reason?: string | null
      /** The reason as a code of the list VATEX; with categories E, AE, K, G, O. */
      reasonCode?: string | null
    }
    answer: Tax
  }
  /** Delete: tax */
  'DELETE /v1/taxes/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Clients with priced calls that no invoice took for more than two periods, oldest first */
  'GET /v1/uninvoiced-calls': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      brandId?: string
      clientId?: string
      /** Only calls of local days before this one. */
      to?: string
    }
    body: undefined
    answer: {
      data: {
        clientId: string
        clientName: string
        /** YYYY-MM-DD, local to the client. */
        firstDay: string
        /** YYYY-MM-DD, local to the client. */
        lastDay: string
        calls: number
        /** Decimal text. */
        amount: string
      }[]
      nextCursor: string | null
    }
  }
  /** Deliveries, the newest first */
  'GET /v1/webhook-deliveries': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      endpointId?: string
      status?: "pending" | "delivered" | "failed"
      event?: string
    }
    body: undefined
    answer: {
      data: {
        id: string
        endpointId: string
        /** The fact's id and its `webhook-id`. */
        eventId: string
        event: string
        status: "pending" | "delivered" | "failed"
        attempts: number
        /** null: there is none. */
        nextAttemptAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        lastAttemptAt: string | null
        /** HTTP status; null: there was no answer. */
        lastStatus: number | null
        lastError: string | null
        /** RFC 3339, answered in UTC with Z. */
        deliveredAt: string | null
        /** RFC 3339, answered in UTC with Z. */
        createdAt: string
      }[]
      nextCursor: string | null
    }
  }
  /** One delivery */
  'GET /v1/webhook-deliveries/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: {
      id: string
      endpointId: string
      /** The fact's id and its `webhook-id`. */
      eventId: string
      event: string
      status: "pending" | "delivered" | "failed"
      attempts: number
      /** null: there is none. */
      nextAttemptAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      lastAttemptAt: string | null
      /** HTTP status; null: there was no answer. */
      lastStatus: number | null
      lastError: string | null
      /** RFC 3339, answered in UTC with Z. */
      deliveredAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
    }
  }
  /** Send a delivery again */
  'POST /v1/webhook-deliveries/{id}/resend': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: {
      id: string
      endpointId: string
      /** The fact's id and its `webhook-id`. */
      eventId: string
      event: string
      status: "pending" | "delivered" | "failed"
      attempts: number
      /** null: there is none. */
      nextAttemptAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      lastAttemptAt: string | null
      /** HTTP status; null: there was no answer. */
      lastStatus: number | null
      lastError: string | null
      /** RFC 3339, answered in UTC with Z. */
      deliveredAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
    }
  }
  /** List: webhook endpoint */
  'GET /v1/webhook-endpoints': {
    params: Record<never, never>
    query: {
      limit?: number
      /** `nextCursor` of the page before. */
      cursor?: string
      /** A minus before the field: descending. */
      sort?: "-createdAt" | "createdAt"
      brandId?: string
      clientId?: string
    }
    body: undefined
    answer: {
      data: WebhookEndpoint[]
      nextCursor: string | null
    }
  }
  /** Create: webhook endpoint */
  'POST /v1/webhook-endpoints': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      brandId?: string
      /** null: facts of all clients of the brand. */
      clientId?: string | null
      /** http or https, at an address that the whole internet can reach. */
      url: string
      /** Types of facts, or all below a name. */
      events: string[]
      /** Text without control characters but tabs and line ends. */
      description?: string
      enabled?: boolean
    }
    answer: {
      id: string
      brandId?: string
      /** null: facts of all clients of the brand. */
      clientId?: string | null
      /** http or https, at an address that the whole internet can reach. */
      url: string
      /** Types of facts, or all below a name. */
      events: string[]
      /** Text without control characters but tabs and line ends. */
      description?: string
      enabled?: boolean
      /** `gone`: its server answered 410. null: it is on, or was turned off by hand. */
      disabledReason: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
      /** RFC 3339, answered in UTC with Z. */
      updatedAt: string
      /** Signs what the endpoint gets. Shown this once. */
      secret: string
    }
  }
  /** Read: webhook endpoint */
  'GET /v1/webhook-endpoints/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: WebhookEndpoint
  }
  /** Change: webhook endpoint */
  'PATCH /v1/webhook-endpoints/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: {
      brandId?: string | null
      /** null: facts of all clients of the brand. */
      clientId?: string | null
      /** http or https, at an address that the whole internet can reach. */
      url?: string | null
      /** Types of facts, or all below a name. */
      events?: string[] | null
      /** Text without control characters but tabs and line ends. */
      description?: string | null
      enabled?: boolean | null
    }
    answer: WebhookEndpoint
  }
  /** Delete: webhook endpoint */
  'DELETE /v1/webhook-endpoints/{id}': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: undefined
    answer: Response
  }
  /** Send tollgate.ping */
  'POST /v1/webhook-endpoints/{id}/ping': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: {
      id: string
      endpointId: string
      /** The fact's id and its `webhook-id`. */
      eventId: string
      event: string
      status: "pending" | "delivered" | "failed"
      attempts: number
      /** null: there is none. */
      nextAttemptAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      lastAttemptAt: string | null
      /** HTTP status; null: there was no answer. */
      lastStatus: number | null
      lastError: string | null
      /** RFC 3339, answered in UTC with Z. */
      deliveredAt: string | null
      /** RFC 3339, answered in UTC with Z. */
      createdAt: string
    }
  }
  /** Make another secret */
  'POST /v1/webhook-endpoints/{id}/rotate-secret': {
    params: {
      id: string
    }
    query: Record<never, never>
    body: FileBody | undefined
    answer: {
      /** Signs what the endpoint gets. Shown this once. */
      secret: string
      /** Until then the old secret signs along. */
      oldSecretUntil: string
    }
  }
  /** What would calls have come to by another plan, or at another carrier? */
  'POST /v1/what-if': {
    params: Record<never, never>
    query: Record<never, never>
    body: {
      ratingPlanId?: string | null
      carrierId?: string | null
      clientId?: string | null
      /** YYYY-MM-DD, local to the client. */
      from: string
      /** YYYY-MM-DD, local to the client. */
      to: string
    }
    answer: Response
  }
}
