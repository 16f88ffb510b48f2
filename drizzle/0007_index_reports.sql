-- Why: a report over a year reads the rollup by client and day, and beside it the few calls the rollup does not
-- hold: those nobody answered, for ASR. Charged calls get no further index.
CREATE INDEX "rollups_by_day" ON "call_rollups" USING btree ("client_id","day");--> statement-breakpoint
CREATE INDEX "calls_unanswered" ON "calls" USING btree ("brand_id","client_id","usage_day","destination") WHERE "calls"."status" = 'unanswered' and "calls"."direction" = 'outbound' and not "calls"."special" and not "calls"."internal";
