-- Why: a leg that its engine cut on time, some milliseconds late, was charged another whole increment. What the engine was
-- told (granted seconds, every instant of a hang-up) is kept with the call, and the instant that prices it. And conflicts
-- are listed newest first. Calls that stand already have none of it: null and empty price them as they were.
ALTER TABLE "calls" ADD COLUMN "cut_at" timestamptz(3);--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "granted_seconds" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "hangup_ends" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "call_conflicts_by_time" ON "call_conflicts" USING btree ("received_at" DESC NULLS LAST,"id");