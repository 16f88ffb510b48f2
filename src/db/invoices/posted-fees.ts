/**
 * Fees of allowances that were posted when their periods began and stand on no invoice yet: they are unbilled, as priced calls
 * are.
 */
export const isPostedFee = `status = 'active' and fee_by = 'movement' and fee > 0 and invoice_id is null`
