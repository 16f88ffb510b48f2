-- Why: prices can be corrected after the fact, by calls priced anew and by rejected calls made free; both must say
-- who asked for what, and how far it is, so that a death in the middle is taken up where it was.
CREATE TABLE "call_waivers" (
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"waived_at" timestamptz(3) NOT NULL,
	CONSTRAINT "call_waivers_client_id_call_id_pk" PRIMARY KEY("client_id","call_id")
);
--> statement-breakpoint
CREATE TABLE "re_rating_calls" (
	"re_rating_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"outcome" text,
	"reason" text,
	"currency" text,
	"price_before" numeric(20,6),
	"price_after" numeric(20,6),
	"invoice_id" uuid,
	CONSTRAINT "re_rating_calls_re_rating_id_number_pk" PRIMARY KEY("re_rating_id","number"),
	CONSTRAINT "re_rating_outcome_known" CHECK ("re_rating_calls"."outcome" in ('changed', 'unchanged', 'unpriceable', 'invoiced', 'waived', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE "re_ratings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid,
	"request" jsonb NOT NULL,
	"dry_run" boolean NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"calls_total" integer NOT NULL,
	"calls_done" integer DEFAULT 0 NOT NULL,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"totals" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"actor" text NOT NULL,
	"last_error" text,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"finished_at" timestamptz(3),
	CONSTRAINT "re_rating_status_known" CHECK ("re_ratings"."status" in ('running', 'done', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "call_waivers" ADD CONSTRAINT "call_waivers_client_id_call_id_calls_client_id_call_id_fk" FOREIGN KEY ("client_id","call_id") REFERENCES "public"."calls"("client_id","call_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "re_rating_calls" ADD CONSTRAINT "re_rating_calls_re_rating_id_re_ratings_id_fk" FOREIGN KEY ("re_rating_id") REFERENCES "public"."re_ratings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "re_ratings" ADD CONSTRAINT "re_ratings_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "re_ratings_running" ON "re_ratings" USING btree ("id") WHERE "re_ratings"."status" = 'running';