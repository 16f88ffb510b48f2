-- Why: a brand words its mails itself, per kind and language, and its operators look at mails that failed and have
-- them sent again. Templates are a brand's own: no other tenant sees or writes them.
CREATE TABLE "notification_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"contents" jsonb NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "notification_templates_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "notification_kind_known" CHECK ("notification_templates"."kind" in ('max-daily-usage', 'low-balance', 'invoice', 'call-report'))
);
--> statement-breakpoint
ALTER TABLE "notification_templates" ADD CONSTRAINT "notification_templates_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_default_notification_template" ON "notification_templates" USING btree ("brand_id","kind") WHERE "notification_templates"."is_default";--> statement-breakpoint
CREATE INDEX "mails_of_brand" ON "mails" USING btree ("brand_id","id");
--> statement-breakpoint
alter table notification_templates enable row level security;
--> statement-breakpoint
alter table notification_templates force row level security;
--> statement-breakpoint
create policy worker on notification_templates to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on notification_templates to tollgate_api
  using (tenant_is_platform()) with check (tenant_is_platform());
--> statement-breakpoint
create policy tenant on notification_templates to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());
--> statement-breakpoint
grant select on notification_templates to tollgate_worker;
--> statement-breakpoint
grant select, insert, update, delete on notification_templates to tollgate_api;
--> statement-breakpoint
select audit_tables('insert or update or delete', 'notification_templates');
--> statement-breakpoint
-- What the service itself does to a mail is no change by anybody; sending a failed one again is.
create trigger audit after update on mails for each row
  when (old.status = 'failed' and new.status = 'pending') execute function audit_change();
