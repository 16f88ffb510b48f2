-- Why: bundles of minutes, calls or money and recurring fees are what every operator sells and the model could not say. Plans
-- are versions, since a period keeps what was in force when it began; a period and its items are rows of their own, so that
-- the database refuses to give a second twice. Calls of before have taken nothing.
CREATE TABLE "allowance_items" (
	"allowance_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"name" text NOT NULL,
	"place" smallint NOT NULL,
	"prefixes" text[] NOT NULL,
	"unit" text NOT NULL,
	"covers_connect_fee" boolean NOT NULL,
	"rollover" boolean NOT NULL,
	"weight" integer NOT NULL,
	"amount" numeric NOT NULL,
	"rolled_over" numeric DEFAULT 0 NOT NULL,
	"used" numeric DEFAULT 0 NOT NULL,
	"reserved" numeric DEFAULT 0 NOT NULL,
	"told_percent" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "allowance_items_allowance_id_from_day_name_pk" PRIMARY KEY("allowance_id","from_day","name"),
	CONSTRAINT "nothing_is_drawn_twice" CHECK ("allowance_items"."used" + "allowance_items"."reserved" <= "allowance_items"."amount" + "allowance_items"."rolled_over"),
	CONSTRAINT "draws_not_negative" CHECK ("allowance_items"."used" >= 0 and "allowance_items"."reserved" >= 0)
);
--> statement-breakpoint
CREATE TABLE "allowance_periods" (
	"allowance_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"plan_version" integer NOT NULL,
	"fee" numeric(20,6) NOT NULL,
	"fee_by" text NOT NULL,
	"status" text NOT NULL,
	"active_from" timestamptz(3),
	"invoice_id" uuid,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "allowance_periods_allowance_id_from_day_pk" PRIMARY KEY("allowance_id","from_day"),
	CONSTRAINT "allowance_status_known" CHECK ("allowance_periods"."status" in ('active', 'unpaid', 'lapsed')),
	CONSTRAINT "active_periods_have_an_instant" CHECK (("allowance_periods"."status" = 'active') = ("allowance_periods"."active_from" is not null))
);
--> statement-breakpoint
CREATE TABLE "allowance_plan_versions" (
	"allowance_plan_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"effective_at" timestamptz(3) NOT NULL,
	"fee" numeric(20,6) NOT NULL,
	"items" jsonb NOT NULL,
	CONSTRAINT "allowance_plan_versions_allowance_plan_id_version_pk" PRIMARY KEY("allowance_plan_id","version")
);
--> statement-breakpoint
CREATE TABLE "allowance_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"period" text NOT NULL,
	"fee" numeric(20,6) NOT NULL,
	"items" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "allowance_plans_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "allowance_period_known" CHECK ("allowance_plans"."period" in ('day', 'week', 'month')),
	CONSTRAINT "allowance_fee_not_negative" CHECK ("allowance_plans"."fee" >= 0)
);
--> statement-breakpoint
CREATE TABLE "client_allowances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"allowance_plan_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date,
	"quantity" integer DEFAULT 1 NOT NULL,
	"prorate" boolean DEFAULT true NOT NULL,
	"email" text,
	"next_period_at" timestamptz(3),
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "allowance_has_days" CHECK ("client_allowances"."to_day" is null or "client_allowances"."to_day" > "client_allowances"."from_day"),
	CONSTRAINT "allowance_quantity_positive" CHECK ("client_allowances"."quantity" > 0)
);
--> statement-breakpoint
ALTER TABLE "movements" DROP CONSTRAINT "kind_known";--> statement-breakpoint
ALTER TABLE "notification_templates" DROP CONSTRAINT "notification_kind_known";--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "covered_seconds" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "allowances" jsonb;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "held_allowances" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "fees_amount" numeric(20,6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "allowance_items" ADD CONSTRAINT "items_of_a_period" FOREIGN KEY ("allowance_id","from_day") REFERENCES "public"."allowance_periods"("allowance_id","from_day") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allowance_periods" ADD CONSTRAINT "allowance_periods_allowance_id_client_allowances_id_fk" FOREIGN KEY ("allowance_id") REFERENCES "public"."client_allowances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allowance_periods" ADD CONSTRAINT "allowance_periods_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allowance_plan_versions" ADD CONSTRAINT "allowance_plan_versions_allowance_plan_id_allowance_plans_id_fk" FOREIGN KEY ("allowance_plan_id") REFERENCES "public"."allowance_plans"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allowance_plans" ADD CONSTRAINT "allowance_plans_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_allowances" ADD CONSTRAINT "client_allowances_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_allowances" ADD CONSTRAINT "client_allowances_allowance_plan_id_allowance_plans_id_fk" FOREIGN KEY ("allowance_plan_id") REFERENCES "public"."allowance_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allowance_periods_of_client" ON "allowance_periods" USING btree ("client_id","to_day");--> statement-breakpoint
CREATE INDEX "unbilled_allowance_fees" ON "allowance_periods" USING btree ("client_id") WHERE "allowance_periods"."invoice_id" is null and "allowance_periods"."fee" > 0;--> statement-breakpoint
CREATE INDEX "unpaid_allowance_periods" ON "allowance_periods" USING btree ("client_id") WHERE "allowance_periods"."status" = 'unpaid';--> statement-breakpoint
CREATE INDEX "allowances_of_client" ON "client_allowances" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "allowances_to_open" ON "client_allowances" USING btree ("next_period_at") WHERE "client_allowances"."next_period_at" is not null;--> statement-breakpoint
ALTER TABLE "movements" ADD CONSTRAINT "kind_known" CHECK ("movements"."kind" in ('top-up', 'adjustment', 'charge', 'overrun', 'correction', 'invoice', 'payment', 'fee'));--> statement-breakpoint
ALTER TABLE "notification_templates" ADD CONSTRAINT "notification_kind_known" CHECK ("notification_templates"."kind" in ('max-daily-usage', 'low-balance', 'invoice', 'invoice-reminder', 'payment-receipt', 'call-report', 'spend-guard', 'allowance-low'));
--> statement-breakpoint
alter table allowance_plans enable row level security;
--> statement-breakpoint
alter table allowance_plans force row level security;
--> statement-breakpoint
create policy worker on allowance_plans to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on allowance_plans to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on allowance_plans to tollgate_api
  using (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
grant select on allowance_plans to tollgate_worker;
--> statement-breakpoint
grant select, insert, update, delete on allowance_plans to tollgate_api;
--> statement-breakpoint
alter table allowance_plan_versions enable row level security;
--> statement-breakpoint
alter table allowance_plan_versions force row level security;
--> statement-breakpoint
create policy worker on allowance_plan_versions to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on allowance_plan_versions to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on allowance_plan_versions to tollgate_api
  using (exists (select from allowance_plans p where p.id = allowance_plan_id))
  with check (exists (select from allowance_plans p where p.id = allowance_plan_id));
--> statement-breakpoint
grant select on allowance_plan_versions to tollgate_worker;
--> statement-breakpoint
grant select, insert on allowance_plan_versions to tollgate_api;
--> statement-breakpoint
alter table client_allowances enable row level security;
--> statement-breakpoint
alter table client_allowances force row level security;
--> statement-breakpoint
create policy worker on client_allowances to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on client_allowances to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on client_allowances to tollgate_api
  using (exists (select from clients c where c.id = client_id))
  with check (exists (select from clients c where c.id = client_id));
--> statement-breakpoint
grant select, update on client_allowances to tollgate_worker;
--> statement-breakpoint
grant select, insert, update, delete on client_allowances to tollgate_api;
--> statement-breakpoint
alter table allowance_periods enable row level security;
--> statement-breakpoint
alter table allowance_periods force row level security;
--> statement-breakpoint
create policy worker on allowance_periods to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on allowance_periods to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on allowance_periods to tollgate_api
  using (exists (select from clients c where c.id = client_id))
  with check (exists (select from clients c where c.id = client_id));
--> statement-breakpoint
grant select, insert, update on allowance_periods to tollgate_worker;
--> statement-breakpoint
grant select, insert, update, delete on allowance_periods to tollgate_api;
--> statement-breakpoint
alter table allowance_items enable row level security;
--> statement-breakpoint
alter table allowance_items force row level security;
--> statement-breakpoint
create policy worker on allowance_items to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on allowance_items to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on allowance_items to tollgate_api
  using (exists (select from client_allowances a where a.id = allowance_id))
  with check (exists (select from client_allowances a where a.id = allowance_id));
--> statement-breakpoint
grant select, insert, update on allowance_items to tollgate_worker;
--> statement-breakpoint
grant select, insert, update, delete on allowance_items to tollgate_api;
--> statement-breakpoint
select audit_tables('insert or update or delete', 'allowance_plans', 'client_allowances');
--> statement-breakpoint
-- When the next period is to be opened is nobody's configuration.
create trigger note_change after insert or delete or update of from_day, to_day, email on client_allowances
  for each row execute function note_configuration_change('client', 'client_id');
