-- Why: what clients owe beside and because of calls becomes documents with numbers, lines, taxes and payments.
CREATE TABLE "fixed_costs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"price" numeric(20,6) NOT NULL,
	"currency" text NOT NULL,
	"quantity_rule" text DEFAULT 'static' NOT NULL,
	"prorate" boolean DEFAULT false NOT NULL,
	"tax_id" uuid,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "fixed_costs_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "quantity_rule_known" CHECK ("fixed_costs"."quantity_rule" in ('static', 'maxCalls'))
);
--> statement-breakpoint
CREATE TABLE "freed_rollups" (
	"invoice_id" uuid NOT NULL,
	"rollup_id" uuid NOT NULL,
	CONSTRAINT "freed_rollups_invoice_id_rollup_id_pk" PRIMARY KEY("invoice_id","rollup_id")
);
--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"invoice_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"kind" text NOT NULL,
	"description" text NOT NULL,
	"quantity" numeric NOT NULL,
	"unit_price" numeric NOT NULL,
	"net" numeric(20,6) NOT NULL,
	"taxes" jsonb NOT NULL,
	"destination" text,
	"calls" integer,
	"duration_seconds" bigint,
	"billed_seconds" bigint,
	"calls_amount" numeric(20,6),
	"first_day" date,
	"last_day" date,
	"credits_index" integer,
	CONSTRAINT "invoice_lines_invoice_id_index_pk" PRIMARY KEY("invoice_id","index"),
	CONSTRAINT "line_kind_known" CHECK ("invoice_lines"."kind" in ('calls', 'earlier-calls', 'fixed-cost', 'discount', 'minimum'))
);
--> statement-breakpoint
CREATE TABLE "invoice_logos" (
	"digest" text PRIMARY KEY NOT NULL,
	"content" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invoice_number_sequences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"width" smallint NOT NULL,
	"start" bigint DEFAULT 1 NOT NULL,
	"reset_yearly" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "invoice_number_sequences_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "one_sequence_per_prefix" UNIQUE("brand_id","prefix")
);
--> statement-breakpoint
CREATE TABLE "invoice_payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"invoice_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"amount" numeric(20,6) NOT NULL,
	"paid_at" timestamptz(3) NOT NULL,
	"method" text,
	"reference" text,
	"actor" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "payment_adds" CHECK ("invoice_payments"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "invoice_schedule_periods" (
	"schedule_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz(3) NOT NULL,
	"last_error" jsonb,
	"invoice_id" uuid,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "invoice_schedule_periods_schedule_id_client_id_index_pk" PRIMARY KEY("schedule_id","client_id","index"),
	CONSTRAINT "period_status_known" CHECK ("invoice_schedule_periods"."status" in ('pending', 'failed', 'issued', 'empty'))
);
--> statement-breakpoint
CREATE TABLE "invoice_schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"client_id" uuid,
	"filter" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"unit" text NOT NULL,
	"every" smallint DEFAULT 1 NOT NULL,
	"first_day" date NOT NULL,
	"number_sequence_id" uuid NOT NULL,
	"terms" jsonb NOT NULL,
	"email" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "invoice_schedules_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "schedule_unit_known" CHECK ("invoice_schedules"."unit" in ('day', 'week', 'month', 'year')),
	CONSTRAINT "schedule_every_positive" CHECK ("invoice_schedules"."every" between 1 and 366)
);
--> statement-breakpoint
CREATE TABLE "invoice_series" (
	"number_sequence_id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"last_number" bigint NOT NULL,
	"last_issued_at" timestamptz(3) NOT NULL,
	CONSTRAINT "invoice_series_number_sequence_id_year_pk" PRIMARY KEY("number_sequence_id","year")
);
--> statement-breakpoint
CREATE TABLE "invoice_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"content" jsonb NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "invoice_templates_brand_id_name_unique" UNIQUE("brand_id","name")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"number" text,
	"number_sequence_id" uuid NOT NULL,
	"series_year" smallint,
	"series_number" bigint,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"time_zone" text NOT NULL,
	"currency" text NOT NULL,
	"language" text NOT NULL,
	"billing_method" text NOT NULL,
	"terms" jsonb NOT NULL,
	"seller" jsonb,
	"buyer" jsonb,
	"template" jsonb,
	"logo_digest" text,
	"taxes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"net" numeric(20,6) NOT NULL,
	"tax" numeric(20,6) NOT NULL,
	"total" numeric(20,6) NOT NULL,
	"calls_amount" numeric(20,6) DEFAULT 0 NOT NULL,
	"prepaid_amount" numeric(20,6) DEFAULT 0 NOT NULL,
	"paid_amount" numeric(20,6) DEFAULT 0 NOT NULL,
	"credited_amount" numeric(20,6) DEFAULT 0 NOT NULL,
	"credits_invoice_id" uuid,
	"reason" text,
	"issued_at" timestamptz(3),
	"due_at" timestamptz(3),
	"actor" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_invoice_per_number" UNIQUE("number_sequence_id","series_year","series_number"),
	CONSTRAINT "one_invoice_per_printed_number" UNIQUE("brand_id","number"),
	CONSTRAINT "invoice_kind_known" CHECK ("invoices"."kind" in ('invoice', 'credit-note')),
	CONSTRAINT "invoice_status_known" CHECK ("invoices"."status" in ('draft', 'issued', 'paid', 'credited')),
	CONSTRAINT "period_is_not_empty" CHECK ("invoices"."period_from" < "invoices"."period_to"),
	CONSTRAINT "issued_has_number_and_date" CHECK (("invoices"."status" = 'draft') = ("invoices"."number" is null) and ("invoices"."number" is null) = ("invoices"."issued_at" is null)),
	CONSTRAINT "total_is_net_and_tax" CHECK ("invoices"."total" = "invoices"."net" + "invoices"."tax"),
	CONSTRAINT "credit_note_names_its_invoice" CHECK (("invoices"."kind" = 'credit-note') = ("invoices"."credits_invoice_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "taxes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"rate" numeric NOT NULL,
	"category" text NOT NULL,
	"reason" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "taxes_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "tax_category_known" CHECK ("taxes"."category" in ('S', 'Z', 'E', 'AE')),
	CONSTRAINT "only_standard_tax_has_a_rate" CHECK ("taxes"."rate" >= 0 and ("taxes"."category" = 'S' or "taxes"."rate" = 0))
);
--> statement-breakpoint
DROP INDEX "one_open_rollup";--> statement-breakpoint
ALTER TABLE "call_rollups" ADD COLUMN "freed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "fixed_costs" ADD CONSTRAINT "fixed_costs_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_costs" ADD CONSTRAINT "fixed_costs_tax_id_taxes_id_fk" FOREIGN KEY ("tax_id") REFERENCES "public"."taxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "freed_rollups" ADD CONSTRAINT "freed_rollups_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_number_sequences" ADD CONSTRAINT "invoice_number_sequences_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "invoice_payments_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "invoice_payments_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_schedule_periods" ADD CONSTRAINT "invoice_schedule_periods_schedule_id_invoice_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."invoice_schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_schedule_periods" ADD CONSTRAINT "invoice_schedule_periods_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_schedules" ADD CONSTRAINT "invoice_schedules_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_schedules" ADD CONSTRAINT "invoice_schedules_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_schedules" ADD CONSTRAINT "invoice_schedules_number_sequence_id_invoice_number_sequences_id_fk" FOREIGN KEY ("number_sequence_id") REFERENCES "public"."invoice_number_sequences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_series" ADD CONSTRAINT "invoice_series_number_sequence_id_invoice_number_sequences_id_fk" FOREIGN KEY ("number_sequence_id") REFERENCES "public"."invoice_number_sequences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_templates" ADD CONSTRAINT "invoice_templates_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_number_sequence_id_invoice_number_sequences_id_fk" FOREIGN KEY ("number_sequence_id") REFERENCES "public"."invoice_number_sequences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_logo_digest_invoice_logos_digest_fk" FOREIGN KEY ("logo_digest") REFERENCES "public"."invoice_logos"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "taxes" ADD CONSTRAINT "taxes_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payments_of_invoice" ON "invoice_payments" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "schedule_periods_due" ON "invoice_schedule_periods" USING btree ("next_attempt_at") WHERE "invoice_schedule_periods"."status" in ('pending', 'failed');--> statement-breakpoint
CREATE UNIQUE INDEX "one_default_template" ON "invoice_templates" USING btree ("brand_id") WHERE "invoice_templates"."is_default";--> statement-breakpoint
CREATE UNIQUE INDEX "one_invoice_per_period" ON "invoices" USING btree ("client_id","period_from") WHERE "invoices"."kind" = 'invoice' and "invoices"."status" in ('issued', 'paid');--> statement-breakpoint
CREATE INDEX "invoices_by_client" ON "invoices" USING btree ("client_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "invoices_by_brand" ON "invoices" USING btree ("brand_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "credit_notes_of_invoice" ON "invoices" USING btree ("credits_invoice_id");--> statement-breakpoint
CREATE INDEX "rollups_without_invoice" ON "call_rollups" USING btree ("client_id","day") WHERE "call_rollups"."invoice_id" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_rollup" ON "call_rollups" USING btree ("client_id","day","destination") WHERE "call_rollups"."invoice_id" is null and not "call_rollups"."freed";