-- Why: invoices of clients who gave a mandate were debited by hand. A run collects them in one file for the bank; each debit
-- keeps its mandate as it stood, counts once, and is booked, or returned, with its payment in one transaction.
CREATE TABLE "direct_debit_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"collection_day" date NOT NULL,
	"creditor" jsonb NOT NULL,
	"paid_at" timestamptz(3),
	"actor" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "direct_debit_run_status_known" CHECK ("direct_debit_runs"."status" in ('open', 'confirmed', 'cancelled')),
	CONSTRAINT "confirmed_run_has_money" CHECK (("direct_debit_runs"."status" = 'confirmed') = ("direct_debit_runs"."paid_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "direct_debits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"amount" numeric(20,6) NOT NULL,
	"mandate" jsonb NOT NULL,
	"is_account_changed" boolean NOT NULL,
	"payment_id" uuid,
	"return_reason" text,
	"returned_at" timestamptz(3),
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_direct_debit_per_run_and_invoice" UNIQUE("run_id","invoice_id"),
	CONSTRAINT "direct_debit_status_known" CHECK ("direct_debits"."status" in ('pending', 'booked', 'returned', 'cancelled')),
	CONSTRAINT "direct_debit_collects" CHECK ("direct_debits"."amount" > 0),
	CONSTRAINT "booked_direct_debit_has_payment" CHECK ("direct_debits"."status" <> 'booked' or "direct_debits"."payment_id" is not null),
	CONSTRAINT "returned_direct_debit_has_reason" CHECK (("direct_debits"."status" = 'returned') = ("direct_debits"."return_reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "direct_debit_runs" ADD CONSTRAINT "direct_debit_runs_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_debits" ADD CONSTRAINT "direct_debits_run_id_direct_debit_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."direct_debit_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_debits" ADD CONSTRAINT "direct_debits_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_debits" ADD CONSTRAINT "direct_debits_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_debits" ADD CONSTRAINT "direct_debits_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_debits" ADD CONSTRAINT "direct_debits_payment_id_invoice_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."invoice_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "direct_debit_runs_of_brand" ON "direct_debit_runs" USING btree ("brand_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "one_pending_direct_debit_per_invoice" ON "direct_debits" USING btree ("invoice_id") WHERE "direct_debits"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "direct_debits_of_run" ON "direct_debits" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "direct_debits_of_client" ON "direct_debits" USING btree ("client_id","id" DESC NULLS LAST);
--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['direct_debit_runs', 'direct_debits'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I for select to tollgate_api using ((select tenant_is_platform()))', name);
    execute format(
      'create policy tenant on %I for select to tollgate_api
         using (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()))',
      name);
    execute format('grant select, insert, update on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
select audit_tables('insert or update', 'direct_debit_runs');
