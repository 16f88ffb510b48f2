-- Why: networks of e-invoices deliver by electronic addresses, and take taxes of every category with the code of their ground.
-- Which profile a client wants, and the mandate by which it is debited, stand with it. Books of finance are asked for by the day
-- of issue, with account numbers that each brand has of its own. Rows of before have none of these.
ALTER TABLE "taxes" DROP CONSTRAINT "only_standard_tax_has_a_rate";--> statement-breakpoint
ALTER TABLE "taxes" DROP CONSTRAINT "tax_category_known";--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "e_invoice_profile" text;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "journal_accounts" jsonb;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "e_invoice_profile" text;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "direct_debit" jsonb;--> statement-breakpoint
ALTER TABLE "taxes" ADD COLUMN "reason_code" text;--> statement-breakpoint
CREATE INDEX "invoices_of_brand_by_issue_day" ON "invoices" USING btree ("brand_id","issue_day","id");--> statement-breakpoint
ALTER TABLE "taxes" ADD CONSTRAINT "only_charging_tax_has_a_rate" CHECK ("taxes"."rate" >= 0 and ("taxes"."category" in ('S', 'L', 'M') or "taxes"."rate" = 0));--> statement-breakpoint
ALTER TABLE "taxes" ADD CONSTRAINT "tax_category_known" CHECK ("taxes"."category" in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M'));