-- Why: operators bill inbound and toll-free numbers, and were told only that a leg came in. A rating profile says which legs
-- it prices now; those there are price outbound ones, as before. Inbound calls are summed in rows of their own, for lines
-- of their own on invoices: such a row has no destination but an inbound one, so that the key by which replicas of the
-- release before add to rows of outbound calls stays as it is. And brands say whether grants name carriers by cost.
ALTER TABLE "rating_profiles" DROP CONSTRAINT "one_profile_per_instant";--> statement-breakpoint
ALTER TABLE "call_rollups" ALTER COLUMN "destination" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "least_cost_routing" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "lcr_seconds" integer DEFAULT 180 NOT NULL;--> statement-breakpoint
ALTER TABLE "call_rollups" ADD COLUMN "inbound_destination" text;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD COLUMN "inbound" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "rating_profiles" ADD COLUMN "direction" text DEFAULT 'outbound' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_inbound_rollup" ON "call_rollups" USING btree ("client_id","day","inbound_destination") WHERE "call_rollups"."invoice_id" is null and not "call_rollups"."freed" and "call_rollups"."inbound_destination" is not null;--> statement-breakpoint
ALTER TABLE "rating_profiles" ADD CONSTRAINT "one_profile_per_instant" UNIQUE("client_id","direction","activates_at");--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "lcr_compares_a_second_or_more" CHECK ("brands"."lcr_seconds" > 0);--> statement-breakpoint
ALTER TABLE "call_rollups" ADD CONSTRAINT "rollup_of_one_direction" CHECK (("call_rollups"."destination" is null) <> ("call_rollups"."inbound_destination" is null));--> statement-breakpoint
ALTER TABLE "rating_profiles" ADD CONSTRAINT "profile_direction_known" CHECK ("rating_profiles"."direction" in ('outbound', 'inbound'));--> statement-breakpoint
-- An import of tariffs brings calendars along.
grant insert, update on calendars to tollgate_worker;
