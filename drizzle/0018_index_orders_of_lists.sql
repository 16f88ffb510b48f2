-- Why: a platform's list of all calls had no index in its order and sorted the table for each page. Invoices are listed by
-- due day and by total, too; each order an index for a client, a brand and all, read backwards for descending.
CREATE INDEX "calls_by_age" ON "calls" USING btree ("created_at" DESC NULLS LAST,"call_id","client_id");--> statement-breakpoint
CREATE INDEX "invoices_of_client_by_due_day" ON "invoices" USING btree ("client_id",coalesce("due_at", 'infinity'::timestamptz),"id");--> statement-breakpoint
CREATE INDEX "invoices_of_brand_by_due_day" ON "invoices" USING btree ("brand_id",coalesce("due_at", 'infinity'::timestamptz),"id");--> statement-breakpoint
CREATE INDEX "invoices_by_due_day" ON "invoices" USING btree (coalesce("due_at", 'infinity'::timestamptz),"id");--> statement-breakpoint
CREATE INDEX "invoices_of_client_by_total" ON "invoices" USING btree ("client_id","total","id");--> statement-breakpoint
CREATE INDEX "invoices_of_brand_by_total" ON "invoices" USING btree ("brand_id","total","id");--> statement-breakpoint
CREATE INDEX "invoices_by_total" ON "invoices" USING btree ("total","id");