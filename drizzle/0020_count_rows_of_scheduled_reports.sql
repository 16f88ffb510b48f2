-- Why: what was delivered is shown period by period, with how much was in it. Periods delivered before have no count.
ALTER TABLE "report_schedule_periods" ADD COLUMN "row_count" integer;