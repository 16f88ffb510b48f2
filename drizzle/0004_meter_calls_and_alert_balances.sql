-- Why: a running call must be looked at again at a known instant (its slice ends, its day ends, nobody tells its
-- end), found by an index and not by a walk over all running calls. And a client wants a word before its balance
-- is gone.
CREATE TABLE "balance_alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"threshold" numeric(20,6) NOT NULL,
	"email" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "balance_alerts_client_id_threshold_email_unique" UNIQUE("client_id","threshold","email")
);
--> statement-breakpoint
CREATE TABLE "engines" (
	"brand_id" uuid NOT NULL,
	"engine" text NOT NULL,
	"sign_at" timestamptz(3) NOT NULL,
	CONSTRAINT "engines_brand_id_engine_pk" PRIMARY KEY("brand_id","engine")
);
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "meter_at" timestamptz(3);--> statement-breakpoint
ALTER TABLE "balance_alerts" ADD CONSTRAINT "balance_alerts_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engines" ADD CONSTRAINT "engines_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calls_to_meter" ON "calls" USING btree ("meter_at") WHERE "calls"."meter_at" is not null;--> statement-breakpoint
CREATE INDEX "calls_by_engine" ON "calls" USING btree ("engine","alive_at") WHERE "calls"."status" = 'started';--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['balance_alerts', 'engines'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format('grant select, insert, update, delete on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on balance_alerts to tollgate_api
  using (exists (select 1 from clients c where c.id = client_id))
  with check (exists (select 1 from clients c where c.id = client_id));
--> statement-breakpoint
grant insert, update, delete on balance_alerts to tollgate_api;
--> statement-breakpoint
-- Settlement knows a client's alerts from configuration memory.
create trigger note_change after insert or update or delete on balance_alerts
  for each row execute function note_configuration_change('client', 'client_id');
