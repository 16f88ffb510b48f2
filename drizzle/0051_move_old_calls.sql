-- Why: each call ever made lay in one table with all its indexes, which grows without an end, and retention deleted its rows one by
-- one. Calls that are over move to partitions of a month, which can be dropped as a whole. The key of a partitioned table has to
-- contain the month, so it cannot refuse a second charge in the next one: what guards are the rows of removed_calls, one for each
-- call that has left calls. Replicas of the release before take such a call for one whose details are gone, and charge nothing
-- again either; their lists lack it.
CREATE TABLE "old_call_months" (
	"month" date PRIMARY KEY NOT NULL,
	"dropped_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "old_calls" (
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"direction" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"from_number" text,
	"to_number" text NOT NULL,
	"to_normalized" text,
	"started_at" timestamptz(3),
	"answered_at" timestamptz(3),
	"ended_at" timestamptz(3),
	"duration_seconds" integer,
	"billed_seconds" integer,
	"price" numeric(20,6),
	"currency" text,
	"destination" text,
	"prefix" text,
	"usage_day" date,
	"rating_plan_id" uuid,
	"rating_profile_id" uuid,
	"rate_deck_id" uuid,
	"labels" jsonb,
	"engine" text,
	"engine_ref" text,
	"sip_call_id" text,
	"forwarded_from" text,
	"to_client_id" uuid,
	"from_client_id" uuid,
	"special" boolean DEFAULT false NOT NULL,
	"internal" boolean DEFAULT false NOT NULL,
	"cause" smallint,
	"sip_code" smallint,
	"ended_by" text,
	"flags" text[] DEFAULT '{}' NOT NULL,
	"authorized_at" timestamptz(3),
	"expires_at" timestamptz(3),
	"max_duration_seconds" integer,
	"created_at" timestamptz(3) NOT NULL,
	"settled_at" timestamptz(3),
	"cut_at" timestamptz(3),
	"carrier" text,
	"carrier_id" uuid,
	"cost" numeric(20,6),
	"cost_currency" text,
	"cost_reason" text,
	"margin" numeric(20,6),
	"covered_seconds" integer,
	"allowances" jsonb,
	"brand_id" uuid NOT NULL,
	"holds_client_slot" boolean DEFAULT false NOT NULL,
	"holds_brand_slot" boolean DEFAULT false NOT NULL,
	"reserved" numeric(20,6) DEFAULT 0 NOT NULL,
	"reserved_day" date,
	"reserved_seconds" integer DEFAULT 0 NOT NULL,
	"held_allowances" jsonb,
	"granted_seconds" integer,
	"alive_at" timestamptz(3),
	"start_digest" text,
	"answer_digest" text,
	"end_digest" text,
	"answer_awaited_until" timestamptz(3),
	"rollup_id" uuid,
	"country" text,
	"explanation" text,
	"hangup_reason" text,
	"hangup_end_by" timestamptz(3),
	"hangup_ends" text[] DEFAULT '{}' NOT NULL,
	"hangup_count" integer DEFAULT 0 NOT NULL,
	"meter_at" timestamptz(3),
	CONSTRAINT "old_calls_client_id_call_id_created_at_pk" PRIMARY KEY("client_id","call_id","created_at"),
	CONSTRAINT "old_call_is_over" CHECK ("old_calls"."status" in ('priced', 'unpriced', 'unanswered', 'expired', 'lost-end') and "old_calls"."answer_awaited_until" is null),
	CONSTRAINT "old_call_holds_nothing" CHECK ("old_calls"."reserved" = 0 and not "old_calls"."holds_client_slot" and not "old_calls"."holds_brand_slot"
        and "old_calls"."held_allowances" is null and "old_calls"."meter_at" is null)
) partition by range (created_at);
--> statement-breakpoint
ALTER TABLE "removed_calls" ADD COLUMN "details_at" timestamptz(3);--> statement-breakpoint
CREATE INDEX "old_calls_by_client" ON "old_calls" USING btree ("client_id","created_at" DESC NULLS LAST,"call_id");--> statement-breakpoint
CREATE INDEX "old_calls_by_brand" ON "old_calls" USING btree ("brand_id","created_at" DESC NULLS LAST,"call_id");--> statement-breakpoint
CREATE INDEX "old_calls_by_age" ON "old_calls" USING btree ("created_at" DESC NULLS LAST,"call_id","client_id");--> statement-breakpoint
CREATE INDEX "old_calls_by_number" ON "old_calls" USING btree ("to_normalized","created_at" DESC NULLS LAST,"call_id","client_id");--> statement-breakpoint
CREATE INDEX "old_calls_unanswered" ON "old_calls" USING btree ("brand_id","client_id","usage_day","destination") WHERE "old_calls"."status" = 'unanswered' and "old_calls"."direction" = 'outbound' and not "old_calls"."special" and not "old_calls"."internal";--> statement-breakpoint
CREATE INDEX "old_calls_by_rollup" ON "old_calls" USING btree ("rollup_id") WHERE "old_calls"."rollup_id" is not null;--> statement-breakpoint
CREATE INDEX "removed_calls_by_day" ON "removed_calls" USING btree ("usage_day");--> statement-breakpoint
CREATE VIEW "public"."all_calls" WITH (security_invoker = true) AS (select client_id, call_id, direction, status, reason, from_number, to_number, to_normalized, started_at, answered_at, ended_at, duration_seconds, billed_seconds, price, currency, destination, prefix, usage_day, rating_plan_id, rating_profile_id, rate_deck_id, labels, engine, engine_ref, sip_call_id, forwarded_from, to_client_id, from_client_id, special, internal, cause, sip_code, ended_by, flags, authorized_at, expires_at, max_duration_seconds, created_at, settled_at, cut_at, carrier, carrier_id, cost, cost_currency, cost_reason, margin, covered_seconds, allowances, brand_id, holds_client_slot, holds_brand_slot, reserved, reserved_day, reserved_seconds, held_allowances, granted_seconds, alive_at, start_digest, answer_digest, end_digest, answer_awaited_until, rollup_id, country, explanation, hangup_reason, hangup_end_by, hangup_ends, hangup_count, meter_at from "calls" union all select client_id, call_id, direction, status, reason, from_number, to_number, to_normalized, started_at, answered_at, ended_at, duration_seconds, billed_seconds, price, currency, destination, prefix, usage_day, rating_plan_id, rating_profile_id, rate_deck_id, labels, engine, engine_ref, sip_call_id, forwarded_from, to_client_id, from_client_id, special, internal, cause, sip_code, ended_by, flags, authorized_at, expires_at, max_duration_seconds, created_at, settled_at, cut_at, carrier, carrier_id, cost, cost_currency, cost_reason, margin, covered_seconds, allowances, brand_id, holds_client_slot, holds_brand_slot, reserved, reserved_day, reserved_seconds, held_allowances, granted_seconds, alive_at, start_digest, answer_digest, end_digest, answer_awaited_until, rollup_id, country, explanation, hangup_reason, hangup_end_by, hangup_ends, hangup_count, meter_at from "old_calls");--> statement-breakpoint
CREATE VIEW "public"."calls_without_details" WITH (security_invoker = true) AS (
    select client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price, country
    from "removed_calls"
    where details_at is null
      or date_trunc('month', details_at at time zone 'UTC')::date in (
        select month from "old_call_months" where dropped_at is not null
      ));--> statement-breakpoint
alter table old_calls enable row level security;--> statement-breakpoint
alter table old_calls force row level security;--> statement-breakpoint
create policy worker on old_calls to tollgate_worker using (true) with check (true);--> statement-breakpoint
create policy platform on old_calls for select to tollgate_api using ((select tenant_is_platform()));--> statement-breakpoint
create policy tenant on old_calls for select to tollgate_api
  using (brand_id = (select tenant_brand())
    and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())));
--> statement-breakpoint
-- Nobody changes a row where it lies.
grant select, insert, delete on old_calls to tollgate_worker;--> statement-breakpoint
grant select on old_calls to tollgate_api;--> statement-breakpoint
alter table old_call_months enable row level security;--> statement-breakpoint
alter table old_call_months force row level security;--> statement-breakpoint
create policy worker on old_call_months to tollgate_worker using (true) with check (true);--> statement-breakpoint
-- A month is nobody's secret, and whoever owns the tables has to know it.
create policy everybody on old_call_months for select using (true);--> statement-breakpoint
create policy platform on old_call_months for select to tollgate_api using (true);--> statement-breakpoint
grant select, insert, update on old_call_months to tollgate_worker;--> statement-breakpoint
grant select on old_call_months to tollgate_api;--> statement-breakpoint
grant select on all_calls, calls_without_details to tollgate_worker, tollgate_api;--> statement-breakpoint
grant delete, update (details_at, removed_at) on removed_calls to tollgate_worker;--> statement-breakpoint
create function refuse_all_but_moves() returns trigger language plpgsql as $$
begin
  -- A call with details goes back to calls, where its key guards again.
  if tg_op = 'DELETE' and old.details_at is not null and not exists (
    select 1
    from old_call_months m
    where m.month = date_trunc('month', old.details_at at time zone 'UTC')::date
      and m.dropped_at is not null
  ) then
    return old;
  end if;
  -- Its details are removed.
  if tg_op = 'UPDATE' and old.details_at is not null and new.details_at is null
    and to_jsonb(new) - array['details_at', 'removed_at'] = to_jsonb(old) - array['details_at', 'removed_at']
  then
    return new;
  end if;
  raise exception 'what is left of a call stays for ever' using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
drop trigger removed_calls_are_append_only on removed_calls;--> statement-breakpoint
create trigger removed_calls_only_move before update or delete on removed_calls
  for each row execute function refuse_all_but_moves();
--> statement-breakpoint
create or replace function refuse_early_removal() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from calls_without_details r where r.client_id = old.client_id and r.call_id = old.call_id
  ) then
    return old;
  end if;
  raise exception 'a conflict stays as long as its call' using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
create or replace function refuse_all_but_forgetting() returns trigger language plpgsql as $$
begin
  if new.from_number is null and new.to_number = '' and new.to_normalized is null and new.answered_at is null
    and to_jsonb(new) - array['from_number', 'to_number', 'to_normalized', 'answered_at']
      = to_jsonb(old) - array['from_number', 'to_number', 'to_normalized', 'answered_at']
    and exists (
      select 1 from calls_without_details r where r.client_id = old.client_id and r.call_id = old.call_id
    )
  then
    return new;
  end if;
  raise exception 'a corrected call keeps its details as long as its call, and its sums for ever'
    using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
-- The roles of the service own no table, so both run as their owner. A partition has no grant of its own: its rows are reached
-- through old_calls alone, by the policies there.
create function make_month_of_old_calls(first_day date) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  name text := 'old_calls_' || to_char(first_day, 'YYYY_MM');
begin
  if first_day <> date_trunc('month', first_day)::date then
    raise exception '% is not the first day of a month', first_day;
  end if;
  -- Attached instead of made as a partition: nobody who reads old calls waits for it.
  execute format('create table public.%I (like public.old_calls including all)', name);
  execute format('alter table public.%I enable row level security', name);
  execute format('alter table public.%I force row level security', name);
  execute format('create policy platform on public.%I for select to tollgate_api using ((select tenant_is_platform()))', name);
  execute format(
    'alter table public.old_calls attach partition public.%I for values from (%L) to (%L)',
    name, to_char(first_day, 'YYYY-MM-DD') || ' 00:00:00+00',
    to_char(first_day + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
end
$$;
--> statement-breakpoint
create function drop_month_of_old_calls(first_day date) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from public.old_call_months where month = first_day and dropped_at is not null) then
    raise exception '% is not marked as dropped', first_day;
  end if;
  execute format('drop table public.%I', 'old_calls_' || to_char(first_day, 'YYYY_MM'));
end
$$;
--> statement-breakpoint
revoke all on function make_month_of_old_calls(date), drop_month_of_old_calls(date) from public;--> statement-breakpoint
grant execute on function make_month_of_old_calls(date), drop_month_of_old_calls(date) to tollgate_worker;
