-- Why: whoever watches a brand sees how many calls it refused, and not how many it let pass: grants that hold nothing leave no row.
-- Each replica adds up what it granted, once a second and brand.
CREATE TABLE "grants" (
	"brand_id" uuid NOT NULL,
	"day" date NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "grants_brand_id_day_pk" PRIMARY KEY("brand_id","day")
);
--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
alter table grants enable row level security;--> statement-breakpoint
alter table grants force row level security;--> statement-breakpoint
create policy worker on grants to tollgate_worker using (true) with check (true);--> statement-breakpoint
create policy platform on grants to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());--> statement-breakpoint
create policy tenant on grants to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());--> statement-breakpoint
grant select, insert, update, delete on grants to tollgate_worker;--> statement-breakpoint
grant select on grants to tollgate_api;
