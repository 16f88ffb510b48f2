-- Why: every authorization that holds money or a slot waited for a transaction on its account. A replica now sets money and
-- slots of busy accounts aside and grants from them at once; what it grants is written behind, as a row of its own until
-- the leg begins. Nothing is set aside yet, so stored data stay as they are.
CREATE TABLE "lease_grants" (
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"epoch" uuid,
	"reserved" numeric(20,6) DEFAULT 0 NOT NULL,
	"reserved_seconds" integer DEFAULT 0 NOT NULL,
	"reserved_day" date NOT NULL,
	"client_slot" boolean DEFAULT false NOT NULL,
	"brand_slot" boolean DEFAULT false NOT NULL,
	"authorized_at" timestamptz(3) NOT NULL,
	"expires_at" timestamptz(3) NOT NULL,
	"facts" text,
	CONSTRAINT "lease_grants_client_id_call_id_pk" PRIMARY KEY("client_id","call_id"),
	CONSTRAINT "mark_holds_nothing" CHECK (("lease_grants"."epoch" is null) = ("lease_grants"."facts" is null))
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"client_id" uuid NOT NULL,
	"epoch" uuid NOT NULL,
	"replica" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"day" date NOT NULL,
	"money" numeric(20,6) DEFAULT 0 NOT NULL,
	"client_slots" integer DEFAULT 0 NOT NULL,
	"brand_slots" integer DEFAULT 0 NOT NULL,
	"renewed_at" timestamptz(3) DEFAULT clock_timestamp() NOT NULL,
	"marked" boolean DEFAULT false NOT NULL,
	CONSTRAINT "leases_client_id_epoch_pk" PRIMARY KEY("client_id","epoch"),
	CONSTRAINT "lease_not_negative" CHECK ("leases"."money" >= 0 and "leases"."client_slots" >= 0 and "leases"."brand_slots" >= 0)
);
--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lease_grants_by_end" ON "lease_grants" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "leases_by_replica" ON "leases" USING btree ("replica");--> statement-breakpoint
CREATE INDEX "leases_by_brand" ON "leases" USING btree ("brand_id");--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['leases', 'lease_grants'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format(
      'create policy tenant on %I to tollgate_api using (exists (select 1 from clients c where c.id = client_id)) with check (exists (select 1 from clients c where c.id = client_id))',
      name);
    execute format('grant select, insert, update, delete on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
-- Both live from rows that come and go: a table of them stays small where it is cleaned often. Room on a page lets a
-- renewal write no index.
alter table leases set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
--> statement-breakpoint
alter table lease_grants set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
