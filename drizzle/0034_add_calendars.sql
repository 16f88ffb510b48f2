-- Why: prices of public holidays follow no weekday. A calendar's days are kept beside a plan's entries with each version of
-- the plan, so that calls answered before a change of the calendar keep their price; this table is what people edit.
CREATE TABLE "calendars" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"days" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "calendars_brand_id_name_unique" UNIQUE("brand_id","name")
);
--> statement-breakpoint
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
alter table calendars enable row level security;
--> statement-breakpoint
alter table calendars force row level security;
--> statement-breakpoint
create policy worker on calendars to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on calendars to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());
--> statement-breakpoint
create policy tenant on calendars to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());
--> statement-breakpoint
grant select on calendars to tollgate_worker, tollgate_api;
--> statement-breakpoint
grant insert, update, delete on calendars to tollgate_api;
--> statement-breakpoint
select audit_tables('insert or update or delete', 'calendars');
