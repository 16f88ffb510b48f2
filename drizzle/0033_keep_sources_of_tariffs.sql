-- Why: an import of another system's tariffs went by names alone, and wrote over decks and plans that were made by hand.
-- Each now keeps which system's import made it; only those are written over unasked. What is there already counts as made by
-- hand: which imports made it is not known.
ALTER TABLE "rate_decks" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "rating_plans" ADD COLUMN "source" text;
