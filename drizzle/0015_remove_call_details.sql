-- Why: details of calls are kept no longer than a brand needs them; what they cost, and that they were charged, is
-- kept for ever. A late repeat of a call whose row is gone must not charge it again, and every sum must stay provable.
CREATE TABLE "removed_calls" (
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"rollup_id" uuid,
	"usage_day" date,
	"duration_seconds" integer,
	"billed_seconds" integer,
	"price" numeric(20,6),
	"start_digest" text,
	"answer_digest" text,
	"end_digest" text,
	"removed_at" timestamptz(3) NOT NULL,
	CONSTRAINT "removed_calls_client_id_call_id_pk" PRIMARY KEY("client_id","call_id")
);
--> statement-breakpoint
CREATE TABLE "unanswered_rollups" (
	"client_id" uuid NOT NULL,
	"day" date NOT NULL,
	"destination" text NOT NULL,
	"calls" integer NOT NULL,
	CONSTRAINT "unanswered_rollups_client_id_day_destination_pk" PRIMARY KEY("client_id","day","destination")
);
--> statement-breakpoint
ALTER TABLE "call_waivers" DROP CONSTRAINT "call_waivers_client_id_call_id_calls_client_id_call_id_fk";
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "has_removed_calls" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "retention_days" integer;--> statement-breakpoint
ALTER TABLE "removed_calls" ADD CONSTRAINT "removed_calls_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unanswered_rollups" ADD CONSTRAINT "unanswered_rollups_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "removed_calls_by_rollup" ON "removed_calls" USING btree ("rollup_id");--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "retention_is_a_day_or_more" CHECK ("brands"."retention_days" > 0);--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['removed_calls', 'unanswered_rollups'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format('create policy tenant on %I for select to tollgate_api using (exists (select 1 from clients c where c.id = client_id))', name);
    execute format('grant select, insert on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
grant update on unanswered_rollups to tollgate_worker;
--> statement-breakpoint
create trigger removed_calls_are_append_only before update or delete on removed_calls
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger removed_calls_are_not_truncated before truncate on removed_calls
  for each statement execute function refuse_change();
--> statement-breakpoint
-- The body of a conflict names the numbers of its call: it goes when they go, and not before.
grant delete on call_conflicts to tollgate_worker;
--> statement-breakpoint
create function refuse_early_removal() returns trigger language plpgsql as $$
begin
  if exists (select 1 from removed_calls r where r.client_id = old.client_id and r.call_id = old.call_id) then
    return old;
  end if;
  raise exception 'a conflict stays as long as its call' using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
create trigger conflicts_stay_with_their_call before delete on call_conflicts
  for each row execute function refuse_early_removal();
