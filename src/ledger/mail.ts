/**
 * A mail to send: one per cause, written with what it tells.
 */
export interface Mail {
  id: string
  kind:
    | 'max-daily-usage'
    | 'low-balance'
    | 'invoice'
    | 'invoice-reminder'
    | 'payment-receipt'
    | 'call-report'
    | 'spend-guard'
    | 'password-reset'
    | 'allowance-low'
  /** One mail per kind and source. */
  source: string
  brandId: string
  /** null: about a whole brand. */
  clientId: string | null
  recipient: string
  /** What the template may show. */
  content: Record<string, unknown>
  /** Made when the mail is sent. */
  attachments?: readonly { kind: string; id: string }[]
  createdAt: number
}
