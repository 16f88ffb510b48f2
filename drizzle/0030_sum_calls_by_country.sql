-- Why: the country of a number was told for all numbers of the same first digits at once, by one of them, and each report by
-- country read all calls again. It is told per call now, kept with it and summed beside the rollup. Calls settled before, and by
-- replicas of the release before, which go on meanwhile, have none: reports tell theirs from the numbers as they are read.
CREATE TABLE "country_rollups" (
	"client_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"day" date NOT NULL,
	"destination" text NOT NULL,
	"country" text NOT NULL,
	"calls" integer NOT NULL,
	"duration_seconds" bigint NOT NULL,
	"billed_seconds" bigint NOT NULL,
	"amount" numeric(20,6) NOT NULL,
	CONSTRAINT "country_rollups_client_id_day_destination_country_pk" PRIMARY KEY("client_id","day","destination","country")
);
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "country" text;--> statement-breakpoint
ALTER TABLE "removed_calls" ADD COLUMN "country" text;--> statement-breakpoint
ALTER TABLE "country_rollups" ADD CONSTRAINT "country_rollups_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
alter table country_rollups enable row level security;--> statement-breakpoint
alter table country_rollups force row level security;--> statement-breakpoint
create policy worker on country_rollups to tollgate_worker using (true) with check (true);--> statement-breakpoint
create policy platform on country_rollups to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on country_rollups to tollgate_api
  using (brand_id = (select tenant_brand())
    and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())))
  with check (brand_id = (select tenant_brand())
    and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())));
--> statement-breakpoint
grant select, insert, update, delete on country_rollups to tollgate_worker;--> statement-breakpoint
grant select on country_rollups to tollgate_api;
