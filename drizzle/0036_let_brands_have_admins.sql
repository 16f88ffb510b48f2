-- Why: the people who run a brand shared its keys: nobody could see who had changed what, and nobody's rights were smaller.
-- A brand has admins with a log-in and a role of their own. And calls of one number were found by going through all calls.
ALTER TABLE "admins" ALTER COLUMN "client_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "admins" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "admins" ADD COLUMN "role" text;--> statement-breakpoint
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
                   else exists (select 1 from clients c where c.id = client_id) end);
