-- Why: headings of a carrier's sheet do not say it all, and what a user once stated of them is needed again with the next
-- sheet. Kept under a name, for every admin of the brand.
CREATE TABLE "import_mappings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "import_mappings_brand_id_name_unique" UNIQUE("brand_id","name")
);
--> statement-breakpoint
ALTER TABLE "import_mappings" ADD CONSTRAINT "import_mappings_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
alter table import_mappings enable row level security;
--> statement-breakpoint
alter table import_mappings force row level security;
--> statement-breakpoint
create policy worker on import_mappings to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on import_mappings to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());
--> statement-breakpoint
create policy tenant on import_mappings to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());
--> statement-breakpoint
grant select on import_mappings to tollgate_worker, tollgate_api;
--> statement-breakpoint
grant insert, update, delete on import_mappings to tollgate_api;
--> statement-breakpoint
select audit_tables('insert or update or delete', 'import_mappings');
