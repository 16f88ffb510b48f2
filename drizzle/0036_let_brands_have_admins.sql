-- Why: the people who run a brand shared its keys: nobody could see who had changed what, and nobody's rights were smaller.
-- A brand has admins with a log-in and a role of their own. Calls of one number were found by going through all calls. And
-- whoever watches a brand saw how many calls it refused, not how many it let pass: grants that hold nothing leave no row, so
-- each replica adds up what it granted, once a second and brand.
CREATE TABLE "grants" (
	"brand_id" uuid NOT NULL,
	"day" date NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "grants_brand_id_day_pk" PRIMARY KEY("brand_id","day")
);
--> statement-breakpoint
ALTER TABLE "admins" ALTER COLUMN "client_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "admins" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "admins" ADD COLUMN "role" text;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "admins" ADD CONSTRAINT "admins_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calls_by_number" ON "calls" USING btree ("to_normalized","created_at" DESC NULLS LAST,"call_id","client_id");--> statement-breakpoint
ALTER TABLE "admins" ADD CONSTRAINT "one_brand_admin_per_username" UNIQUE("brand_id","username");--> statement-breakpoint
ALTER TABLE "admins" ADD CONSTRAINT "admin_of_client_or_brand" CHECK (("admins"."client_id" is null) <> ("admins"."brand_id" is null));--> statement-breakpoint
ALTER TABLE "admins" ADD CONSTRAINT "role_of_brand_admin" CHECK (("admins"."brand_id" is null) = ("admins"."role" is null));--> statement-breakpoint
ALTER TABLE "admins" ADD CONSTRAINT "brand_role_known" CHECK ("admins"."role" in ('owner', 'operator', 'finance', 'viewer'));--> statement-breakpoint
alter policy tenant on admins
  using (case when client_id is null then brand_id = tenant_brand() and tenant_is_whole_brand()
              else exists (select 1 from clients c where c.id = client_id) end)
  with check (case when client_id is null then brand_id = tenant_brand() and tenant_is_whole_brand()
                   else exists (select 1 from clients c where c.id = client_id) end);--> statement-breakpoint
alter table grants enable row level security;--> statement-breakpoint
alter table grants force row level security;--> statement-breakpoint
create policy worker on grants to tollgate_worker using (true) with check (true);--> statement-breakpoint
create policy platform on grants to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());--> statement-breakpoint
create policy tenant on grants to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());--> statement-breakpoint
grant select, insert, update, delete on grants to tollgate_worker;--> statement-breakpoint
grant select on grants to tollgate_api;
