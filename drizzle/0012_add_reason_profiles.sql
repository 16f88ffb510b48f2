-- Why: a brand starts from the refusal codes of the system it comes from, instead of replacing each by itself.
-- The previous release leaves the column at its default.
ALTER TABLE "brands" ADD COLUMN "reason_profile" text DEFAULT 'standard' NOT NULL;
