-- Why: reports repeat themselves, by mail or into a folder. A period is a row from the moment it is over, so that
-- replicas share the work, a failure is seen and tried again, and no period is skipped.
CREATE TABLE "report_schedule_periods" (
	"schedule_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz(3) NOT NULL,
	"last_error" jsonb,
	"file" text,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "report_schedule_periods_schedule_id_index_pk" PRIMARY KEY("schedule_id","index"),
	CONSTRAINT "report_period_status_known" CHECK ("report_schedule_periods"."status" in ('pending', 'failed', 'done'))
);
--> statement-breakpoint
CREATE TABLE "report_schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"client_id" uuid,
	"report" text NOT NULL,
	"format" text NOT NULL,
	"flavour" text NOT NULL,
	"filter" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"group_by" text,
	"unit" text NOT NULL,
	"every" smallint DEFAULT 1 NOT NULL,
	"first_day" date NOT NULL,
	"time_zone" text,
	"delay_minutes" smallint DEFAULT 60 NOT NULL,
	"emails" text[] DEFAULT '{}' NOT NULL,
	"directory" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "report_schedules_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "report_schedule_unit_known" CHECK ("report_schedules"."unit" in ('day', 'week', 'month')),
	CONSTRAINT "report_schedule_every_positive" CHECK ("report_schedules"."every" between 1 and 366),
	CONSTRAINT "report_goes_one_way" CHECK ((cardinality("report_schedules"."emails") > 0) <> ("report_schedules"."directory" is not null))
);
--> statement-breakpoint
ALTER TABLE "report_schedule_periods" ADD CONSTRAINT "report_schedule_periods_schedule_id_report_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."report_schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_schedules" ADD CONSTRAINT "report_schedules_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_schedules" ADD CONSTRAINT "report_schedules_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "report_periods_due" ON "report_schedule_periods" USING btree ("next_attempt_at") WHERE "report_schedule_periods"."status" <> 'done';--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['report_schedules', 'report_schedule_periods'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format('grant select on %I to tollgate_worker, tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on report_schedules to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());
--> statement-breakpoint
create policy tenant on report_schedule_periods for select to tollgate_api
  using (exists (select 1 from report_schedules s where s.id = schedule_id));
--> statement-breakpoint
grant insert, update, delete on report_schedules to tollgate_api;
--> statement-breakpoint
grant insert, update on report_schedule_periods to tollgate_worker;
--> statement-breakpoint
select audit_tables('insert or update or delete', 'report_schedules');
