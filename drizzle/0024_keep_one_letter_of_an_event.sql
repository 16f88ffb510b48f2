-- Why: an event that cannot be applied became another dead letter each time it came, by a repeat of its engine or of the
-- broker. Letters that stand already have no digest and stay as they are.
ALTER TABLE "dead_letters" ADD COLUMN "digest" text;--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_dead_letter" ON "dead_letters" USING btree ("digest") WHERE "dead_letters"."redriven_at" is null;
