-- Why: an annex lists the calls of an invoice as they stand. A call that is corrected after the issue, by an end that
-- came late or by a re-rating once its invoice was credited, left the old annex and stood on the next one with all of
-- its price, though that invoice charges the difference alone. What was listed is kept now, with both places.
CREATE TABLE "corrected_calls" (
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"rollup_id" uuid NOT NULL,
	"corrected_in_rollup_id" uuid NOT NULL,
	"from_number" text,
	"to_number" text NOT NULL,
	"to_normalized" text,
	"answered_at" timestamptz(3),
	"duration_seconds" integer NOT NULL,
	"billed_seconds" integer NOT NULL,
	"price" numeric(20,6) NOT NULL,
	"destination" text NOT NULL,
	"corrected_at" timestamptz(3) NOT NULL,
	CONSTRAINT "corrected_calls_rollup_id_call_id_pk" PRIMARY KEY("rollup_id","call_id")
);
--> statement-breakpoint
ALTER TABLE "corrected_calls" ADD CONSTRAINT "corrected_calls_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "corrected_calls_by_rollup" ON "corrected_calls" USING btree ("corrected_in_rollup_id");--> statement-breakpoint
alter table corrected_calls enable row level security;
--> statement-breakpoint
alter table corrected_calls force row level security;
--> statement-breakpoint
create policy worker on corrected_calls to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on corrected_calls to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());
--> statement-breakpoint
create policy tenant on corrected_calls for select to tollgate_api
  using (exists (select 1 from clients c where c.id = client_id));
--> statement-breakpoint
grant select, insert on corrected_calls to tollgate_worker;
--> statement-breakpoint
grant select on corrected_calls to tollgate_api;
--> statement-breakpoint
create trigger corrected_calls_are_append_only before update or delete on corrected_calls
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger corrected_calls_are_not_truncated before truncate on corrected_calls
  for each statement execute function refuse_change();
