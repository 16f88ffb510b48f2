-- Why: what an invoice charged has to be given back as it was charged. A row of calls that changed after their invoice
-- names it, so that the difference bears its discount, minimum and taxes; so does the line that corrects it. Prices may
-- include the tax, and a brand says where corrections and credit notes are numbered.
ALTER TABLE "invoice_lines" DROP CONSTRAINT "line_kind_known";--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "credit_note_sequence_id" uuid;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "corrections" text DEFAULT 'invoice' NOT NULL;--> statement-breakpoint
ALTER TABLE "call_rollups" ADD COLUMN "corrects_invoice_id" uuid;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "prices_include_tax" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD COLUMN "corrects_invoice_id" uuid;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD COLUMN "gross" numeric;--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "brands_credit_note_sequence_id_invoice_number_sequences_id_fk" FOREIGN KEY ("credit_note_sequence_id") REFERENCES "public"."invoice_number_sequences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_corrects_invoice_id_invoices_id_fk" FOREIGN KEY ("corrects_invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rollups_that_correct" ON "call_rollups" USING btree ("corrects_invoice_id") WHERE "call_rollups"."corrects_invoice_id" is not null;--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "corrections_known" CHECK ("brands"."corrections" in ('invoice', 'credit-note'));--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "line_kind_known" CHECK ("invoice_lines"."kind" in ('calls', 'earlier-calls', 'correction', 'fixed-cost', 'discount', 'minimum'));