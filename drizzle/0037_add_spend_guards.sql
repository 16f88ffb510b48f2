-- Why: a stolen SIP credential calls premium numbers by the hundred in one night, and nothing but a daily limit, where one is
-- set, ends it. Guards limit what legs of a kind may come to within a while; a lift lets one client pass for some minutes, and
-- what tripped is kept, once per guard, client and hour. A new brand gets one guard; brands that are there get none unasked.
CREATE TABLE "guard_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"guard_id" uuid NOT NULL,
	"guard_name" text NOT NULL,
	"action" text NOT NULL,
	"limit_name" text NOT NULL,
	"limit_value" text NOT NULL,
	"currency" text,
	"hour_at" timestamptz(3) NOT NULL,
	"tripped_at" timestamptz(3) NOT NULL,
	"last_at" timestamptz(3) NOT NULL,
	"refused" integer NOT NULL,
	"spent" numeric,
	CONSTRAINT "one_guard_event_per_hour" UNIQUE("guard_id","client_id","hour_at")
);
--> statement-breakpoint
CREATE TABLE "guard_lifts" (
	"guard_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"until" timestamptz(3) NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "guard_lifts_guard_id_client_id_pk" PRIMARY KEY("guard_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "spend_guards" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"when" jsonb,
	"prefixes" text[],
	"high_risk" boolean,
	"limits" jsonb NOT NULL,
	"action" text NOT NULL,
	"email" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "guard_action_known" CHECK ("spend_guards"."action" in ('alert', 'deny', 'deny-and-hang-up')),
	CONSTRAINT "guard_asks_for_risk_or_nothing" CHECK ("spend_guards"."high_risk")
);
--> statement-breakpoint
ALTER TABLE "notification_templates" DROP CONSTRAINT "notification_kind_known";--> statement-breakpoint
ALTER TABLE "guard_events" ADD CONSTRAINT "guard_events_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guard_events" ADD CONSTRAINT "guard_events_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guard_lifts" ADD CONSTRAINT "guard_lifts_guard_id_spend_guards_id_fk" FOREIGN KEY ("guard_id") REFERENCES "public"."spend_guards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guard_lifts" ADD CONSTRAINT "guard_lifts_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guard_lifts" ADD CONSTRAINT "guard_lifts_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spend_guards" ADD CONSTRAINT "spend_guards_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spend_guards" ADD CONSTRAINT "spend_guards_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "guard_events_of_brand" ON "guard_events" USING btree ("brand_id","tripped_at");--> statement-breakpoint
CREATE INDEX "guards_of_brand" ON "spend_guards" USING btree ("brand_id","id");--> statement-breakpoint
CREATE INDEX "guards_of_client" ON "spend_guards" USING btree ("client_id");--> statement-breakpoint
ALTER TABLE "notification_templates" ADD CONSTRAINT "notification_kind_known" CHECK ("notification_templates"."kind" in ('max-daily-usage', 'low-balance', 'invoice', 'invoice-reminder', 'payment-receipt', 'call-report', 'spend-guard'));--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['spend_guards', 'guard_lifts', 'guard_events'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using ((select tenant_is_platform())) with check ((select tenant_is_platform()))', name);
    execute format('grant select, insert, update, delete on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
-- A client sees the guards that hold for it, and changes none.
create policy tenant on spend_guards to tollgate_api
  using (brand_id = (select tenant_brand())
    and ((select tenant_is_whole_brand()) or client_id is null or client_id = (select tenant_client())))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
create policy tenant on guard_lifts to tollgate_api
  using (brand_id = (select tenant_brand())
    and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
create policy tenant on guard_events for select to tollgate_api
  using (brand_id = (select tenant_brand())
    and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())));
--> statement-breakpoint
grant insert, update, delete on spend_guards, guard_lifts to tollgate_api;
--> statement-breakpoint
-- Calls are decided from configuration memory: a guard or a lift changes its brand.
create trigger note_change after insert or update or delete on spend_guards
  for each row execute function note_configuration_change('brand', 'brand_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on guard_lifts
  for each row execute function note_configuration_change('brand', 'brand_id');
--> statement-breakpoint
select audit_tables('insert or update or delete', 'spend_guards', 'guard_lifts');
