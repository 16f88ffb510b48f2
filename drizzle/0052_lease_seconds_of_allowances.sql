-- Why: a leg that a bundle pays waited for its account's lock, while one that money pays is granted from a lease. Leases hold
-- parts of allowances now, and their grants say what they took of them. Nothing is set aside yet, so stored data stay as they are.
ALTER TABLE "allowance_items" DROP CONSTRAINT "nothing_is_drawn_twice";--> statement-breakpoint
ALTER TABLE "allowance_items" DROP CONSTRAINT "draws_not_negative";--> statement-breakpoint
ALTER TABLE "allowance_items" ADD COLUMN "leased" numeric DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "lease_grants" ADD COLUMN "held_allowances" jsonb;--> statement-breakpoint
ALTER TABLE "leases" ADD COLUMN "allowances" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "allowance_items" ADD CONSTRAINT "nothing_is_drawn_twice" CHECK ("allowance_items"."used" + "allowance_items"."reserved" + "allowance_items"."leased" <= "allowance_items"."amount" + "allowance_items"."rolled_over");--> statement-breakpoint
ALTER TABLE "allowance_items" ADD CONSTRAINT "draws_not_negative" CHECK ("allowance_items"."used" >= 0 and "allowance_items"."reserved" >= 0 and "allowance_items"."leased" >= 0);