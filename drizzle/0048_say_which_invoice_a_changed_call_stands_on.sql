-- Why: what changed of calls that were charged is worth less by what credit notes gave back of their line, and where a note
-- frees the calls, it goes with them. Both take the invoice whose line charged them; corrects_invoice_id is the one at whose
-- terms they were charged, which for calls that came late for a minimum is another.
ALTER TABLE "call_rollups" ADD COLUMN "changes_invoice_id" uuid;--> statement-breakpoint
alter table call_rollups no force row level security;--> statement-breakpoint
-- Rows of changes take no calls from the beginning; late calls do until an invoice takes them.
update call_rollups set changes_invoice_id = corrects_invoice_id where freed and corrects_invoice_id is not null;--> statement-breakpoint
alter table call_rollups force row level security;
