-- Why: what a call costs the operator was known nowhere, so nobody saw which destinations lose money. Events name the carrier,
-- its plan prices the cost beside the price, exchange rates bring it into the client's currency, and sums by carrier make a
-- year's margins a matter of a few thousand rows. None of it is ever shown to a client: its own sessions see no row of these
-- tables. Calls settled before, and by replicas of the release before, have no carrier.
CREATE TABLE "carrier_rollups" (
	"client_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"day" date NOT NULL,
	"destination" text NOT NULL,
	"carrier_id" uuid NOT NULL,
	"calls" integer NOT NULL,
	"duration_seconds" bigint NOT NULL,
	"price" numeric(20,6) NOT NULL,
	"margin" numeric(20,6) NOT NULL,
	"calls_without_cost" integer NOT NULL,
	CONSTRAINT "carrier_rollups_client_id_day_destination_carrier_id_pk" PRIMARY KEY("client_id","day","destination","carrier_id")
);
--> statement-breakpoint
CREATE TABLE "carrier_rating_profiles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"carrier_id" uuid NOT NULL,
	"rating_plan_id" uuid NOT NULL,
	"activates_at" timestamptz(3) NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_carrier_profile_per_instant" UNIQUE("carrier_id","activates_at")
);
--> statement-breakpoint
CREATE TABLE "carriers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"code" text NOT NULL,
	"currency" text NOT NULL,
	"time_zone" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "carriers_brand_id_code_unique" UNIQUE("brand_id","code")
);
--> statement-breakpoint
CREATE TABLE "exchange_rates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"base" text NOT NULL,
	"quote" text NOT NULL,
	"rate" numeric NOT NULL,
	"valid_from" timestamptz(3) NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_exchange_rate_per_instant" UNIQUE("brand_id","base","quote","valid_from")
);
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "carrier" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "carrier_id" uuid;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost" numeric(20,6);--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost_currency" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost_reason" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "margin" numeric(20,6);--> statement-breakpoint
ALTER TABLE "carrier_rollups" ADD CONSTRAINT "carrier_rollups_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carrier_rating_profiles" ADD CONSTRAINT "carrier_rating_profiles_carrier_id_carriers_id_fk" FOREIGN KEY ("carrier_id") REFERENCES "public"."carriers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carrier_rating_profiles" ADD CONSTRAINT "carrier_rating_profiles_rating_plan_id_rating_plans_id_fk" FOREIGN KEY ("rating_plan_id") REFERENCES "public"."rating_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carriers" ADD CONSTRAINT "carriers_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "carrier_profiles_of_plan" ON "carrier_rating_profiles" USING btree ("rating_plan_id");--> statement-breakpoint
alter table carriers enable row level security;
--> statement-breakpoint
alter table carriers force row level security;
--> statement-breakpoint
create policy worker on carriers to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on carriers to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on carriers to tollgate_api
  using (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
grant select on carriers to tollgate_worker, tollgate_api;
--> statement-breakpoint
grant insert, update, delete on carriers to tollgate_api;
--> statement-breakpoint
alter table carrier_rating_profiles enable row level security;
--> statement-breakpoint
alter table carrier_rating_profiles force row level security;
--> statement-breakpoint
create policy worker on carrier_rating_profiles to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on carrier_rating_profiles to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on carrier_rating_profiles to tollgate_api
  using (exists (select from carriers c where c.id = carrier_id and c.brand_id = (select tenant_brand()))
    and (select tenant_is_whole_brand()))
  with check (exists (select from carriers c where c.id = carrier_id and c.brand_id = (select tenant_brand()))
    and (select tenant_is_whole_brand()));
--> statement-breakpoint
grant select on carrier_rating_profiles to tollgate_worker, tollgate_api;
--> statement-breakpoint
grant insert, update, delete on carrier_rating_profiles to tollgate_api;
--> statement-breakpoint
alter table exchange_rates enable row level security;
--> statement-breakpoint
alter table exchange_rates force row level security;
--> statement-breakpoint
create policy worker on exchange_rates to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on exchange_rates to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on exchange_rates to tollgate_api
  using (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
grant select on exchange_rates to tollgate_worker, tollgate_api;
--> statement-breakpoint
grant insert, update, delete on exchange_rates to tollgate_api;
--> statement-breakpoint
alter table carrier_rollups enable row level security;
--> statement-breakpoint
alter table carrier_rollups force row level security;
--> statement-breakpoint
create policy worker on carrier_rollups to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on carrier_rollups to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on carrier_rollups to tollgate_api
  using (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
grant select, insert, update, delete on carrier_rollups to tollgate_worker;
--> statement-breakpoint
grant select on carrier_rollups to tollgate_api;
--> statement-breakpoint
select audit_tables('insert or update or delete', 'carriers', 'carrier_rating_profiles', 'exchange_rates');
--> statement-breakpoint
create trigger note_change after insert or update or delete on carriers
  for each row execute function note_configuration_change('carrier', 'id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on carrier_rating_profiles
  for each row execute function note_configuration_change('carrier', 'carrier_id');
--> statement-breakpoint
-- A file brings thousands of rates: one change of configuration for all rows of a brand.
create function note_exchange_rate_change() returns trigger language plpgsql as $$
declare
  brand uuid;
  next bigint;
begin
  for brand in select distinct brand_id from changed_rows loop
    update configuration_version set version = version + 1 where singleton returning version into next;
    insert into configuration_changes (version, kind, id) values (next, 'exchange-rates', brand);
    perform pg_notify('configuration', next::text);
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger note_insert after insert on exchange_rates referencing new table as changed_rows
  for each statement execute function note_exchange_rate_change();
--> statement-breakpoint
create trigger note_update after update on exchange_rates referencing new table as changed_rows
  for each statement execute function note_exchange_rate_change();
--> statement-breakpoint
create trigger note_delete after delete on exchange_rates referencing old table as changed_rows
  for each statement execute function note_exchange_rate_change();
