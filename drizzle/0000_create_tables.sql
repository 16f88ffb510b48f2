CREATE TABLE "accounts" (
	"client_id" uuid PRIMARY KEY NOT NULL,
	"currency" text NOT NULL,
	"balance" numeric(20,6) DEFAULT 0 NOT NULL,
	"reserved" numeric(20,6) DEFAULT 0 NOT NULL,
	"running_calls" integer DEFAULT 0 NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "running_calls_not_negative" CHECK ("accounts"."running_calls" >= 0),
	CONSTRAINT "reserved_not_negative" CHECK ("accounts"."reserved" >= 0)
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"brand_id" uuid,
	"client_id" uuid,
	"scopes" text[],
	"prefix" text NOT NULL,
	"digest" text NOT NULL,
	"expires_at" timestamptz(3),
	"revoked_at" timestamptz(3),
	"last_used_at" timestamptz(3),
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_digest_unique" UNIQUE("digest"),
	CONSTRAINT "role_known" CHECK ("api_keys"."role" in ('platform', 'brand', 'client', 'engine', 'finance'))
);
--> statement-breakpoint
CREATE TABLE "application_servers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "application_servers_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "authorized_sources" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"cidr" text NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "authorized_sources_client_id_cidr_unique" UNIQUE("client_id","cidr")
);
--> statement-breakpoint
CREATE TABLE "brand_counters" (
	"brand_id" uuid PRIMARY KEY NOT NULL,
	"running_calls" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "brand_terms" (
	"brand_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"effective_at" timestamptz(3) NOT NULL,
	"special_numbers" text[] NOT NULL,
	"free_numbers" text[] NOT NULL,
	"numbering" jsonb,
	CONSTRAINT "brand_terms_brand_id_version_pk" PRIMARY KEY("brand_id","version")
);
--> statement-breakpoint
CREATE TABLE "brands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"time_zone" text NOT NULL,
	"language" text NOT NULL,
	"max_calls" integer DEFAULT 0 NOT NULL,
	"special_numbers" text[] DEFAULT '{}' NOT NULL,
	"free_numbers" text[] DEFAULT '{}' NOT NULL,
	"numbering" jsonb,
	"max_ring_seconds" integer DEFAULT 600 NOT NULL,
	"lost_end_policy" text DEFAULT 'zero' NOT NULL,
	"reason_overrides" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"issuer" jsonb,
	"logo" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "brands_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "broker_marks" (
	"stream" text NOT NULL,
	"worker" text NOT NULL,
	"stream_created_at" text NOT NULL,
	"high_seq" bigint NOT NULL,
	"high_event_digest" text NOT NULL,
	"updated_at" timestamptz(3) NOT NULL,
	CONSTRAINT "broker_marks_stream_worker_pk" PRIMARY KEY("stream","worker")
);
--> statement-breakpoint
CREATE TABLE "call_conflicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"half" text NOT NULL,
	"digest" text NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamptz(3) NOT NULL,
	CONSTRAINT "one_conflict_per_digest" UNIQUE("client_id","call_id","half","digest")
);
--> statement-breakpoint
CREATE TABLE "call_rollups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"day" date NOT NULL,
	"destination" text NOT NULL,
	"invoice_id" uuid,
	"calls" integer NOT NULL,
	"duration_seconds" bigint NOT NULL,
	"billed_seconds" bigint NOT NULL,
	"amount" numeric(20,6) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"client_id" uuid NOT NULL,
	"call_id" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"direction" text NOT NULL,
	"from_number" text,
	"to_number" text NOT NULL,
	"to_normalized" text,
	"to_client_id" uuid,
	"sip_call_id" text,
	"forwarded_from" text,
	"engine" text,
	"engine_ref" text,
	"labels" jsonb,
	"special" boolean DEFAULT false NOT NULL,
	"internal" boolean DEFAULT false NOT NULL,
	"authorized_at" timestamptz(3),
	"expires_at" timestamptz(3),
	"max_duration_seconds" integer,
	"holds_client_slot" boolean DEFAULT false NOT NULL,
	"holds_brand_slot" boolean DEFAULT false NOT NULL,
	"reserved" numeric(20,6) DEFAULT 0 NOT NULL,
	"reserved_day" date,
	"reserved_seconds" integer DEFAULT 0 NOT NULL,
	"started_at" timestamptz(3),
	"answered_at" timestamptz(3),
	"ended_at" timestamptz(3),
	"alive_at" timestamptz(3),
	"start_digest" text,
	"answer_digest" text,
	"end_digest" text,
	"cause" smallint,
	"sip_code" smallint,
	"ended_by" text,
	"answer_awaited_until" timestamptz(3),
	"flags" text[] DEFAULT '{}' NOT NULL,
	"duration_seconds" integer,
	"billed_seconds" integer,
	"price" numeric(20,6),
	"currency" text,
	"destination" text,
	"prefix" text,
	"rating_plan_id" uuid,
	"rating_profile_id" uuid,
	"rate_deck_id" uuid,
	"usage_day" date,
	"rollup_id" uuid,
	"explanation" text,
	"hangup_reason" text,
	"hangup_end_by" timestamptz(3),
	"hangup_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"settled_at" timestamptz(3),
	CONSTRAINT "calls_client_id_call_id_pk" PRIMARY KEY("client_id","call_id"),
	CONSTRAINT "status_known" CHECK ("calls"."status" in ('authorized', 'started', 'priced', 'unpriced', 'unanswered', 'rejected', 'expired', 'lost-end')),
	CONSTRAINT "priced_has_a_price" CHECK ("calls"."status" <> 'priced' or ("calls"."price" is not null and "calls"."rollup_id" is not null)),
	CONSTRAINT "rejected_has_a_reason" CHECK ("calls"."status" <> 'rejected' or ("calls"."price" is null and "calls"."reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "client_terms" (
	"client_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"effective_at" timestamptz(3) NOT NULL,
	"sip_domain" text NOT NULL,
	"time_zone" text NOT NULL,
	"billing_method" text NOT NULL,
	"corporation_id" uuid,
	"numbering" jsonb,
	CONSTRAINT "client_terms_client_id_version_pk" PRIMARY KEY("client_id","version")
);
--> statement-breakpoint
CREATE TABLE "clients" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sip_domain" text NOT NULL,
	"suspended" boolean DEFAULT false NOT NULL,
	"features" text[] NOT NULL,
	"billing_method" text NOT NULL,
	"corporation_id" uuid,
	"language" text NOT NULL,
	"country_code" text,
	"time_zone" text NOT NULL,
	"currency" text NOT NULL,
	"numbering" jsonb,
	"max_calls" integer DEFAULT 0 NOT NULL,
	"max_call_seconds" integer DEFAULT 10800 NOT NULL,
	"filter_by_ip" boolean DEFAULT false NOT NULL,
	"geo_ip_allowed_countries" text[] DEFAULT '{}' NOT NULL,
	"max_daily_usage" numeric(20,6),
	"max_daily_usage_email" text,
	"credit_limit" numeric(20,6),
	"invoice_data" jsonb,
	"tax_ids" uuid[] DEFAULT '{}' NOT NULL,
	"portal_visibility" jsonb NOT NULL,
	"notification_templates" jsonb NOT NULL,
	"outgoing_ddi" text,
	"media_relay_set_id" uuid,
	"distribute_method" text DEFAULT 'hash' NOT NULL,
	"application_server_id" uuid,
	"recording" jsonb NOT NULL,
	"failure_policy" text DEFAULT 'deny' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "clients_sip_domain_unique" UNIQUE("sip_domain"),
	CONSTRAINT "clients_brand_id_name_unique" UNIQUE("brand_id","name"),
	CONSTRAINT "billing_method_known" CHECK ("clients"."billing_method" in ('postpaid', 'prepaid', 'pseudoprepaid', 'none')),
	CONSTRAINT "billing_needs_the_feature" CHECK ("clients"."billing_method" = 'none' or 'billing' = any("clients"."features")),
	CONSTRAINT "round_robin_without_queues" CHECK ("clients"."distribute_method" <> 'roundRobin' or not ("clients"."features" && array['queues', 'conferences'])),
	CONSTRAINT "sip_domain_lower_case" CHECK ("clients"."sip_domain" = lower("clients"."sip_domain"))
);
--> statement-breakpoint
CREATE TABLE "configuration_changes" (
	"version" bigint NOT NULL,
	"kind" text NOT NULL,
	"id" uuid NOT NULL,
	"changed_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "configuration_changes_version_kind_id_pk" PRIMARY KEY("version","kind","id")
);
--> statement-breakpoint
CREATE TABLE "configuration_version" (
	"singleton" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "corporations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "corporations_brand_id_name_unique" UNIQUE("brand_id","name")
);
--> statement-breakpoint
CREATE TABLE "daily_usage" (
	"client_id" uuid NOT NULL,
	"day" date NOT NULL,
	"amount" numeric(20,6) DEFAULT 0 NOT NULL,
	"reserved" numeric(20,6) DEFAULT 0 NOT NULL,
	"limit_reached_at" timestamptz(3),
	"limit_told_at" timestamptz(3),
	"warned_percent" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "daily_usage_client_id_day_pk" PRIMARY KEY("client_id","day")
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid,
	"client_id" uuid,
	"subject" text NOT NULL,
	"reason" text NOT NULL,
	"detail" text NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamptz(3) NOT NULL,
	"deliveries" integer NOT NULL,
	"redriven_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "denials" (
	"client_id" uuid NOT NULL,
	"day" date NOT NULL,
	"reason" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "denials_client_id_day_reason_pk" PRIMARY KEY("client_id","day","reason")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"brand_id" uuid,
	"body_digest" text NOT NULL,
	"status" smallint NOT NULL,
	"response" text NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"rate_deck_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"dry_run" boolean NOT NULL,
	"status" text NOT NULL,
	"rows_read" integer DEFAULT 0 NOT NULL,
	"rows_total" integer,
	"errors" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"errors_total" integer DEFAULT 0 NOT NULL,
	"warnings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"summary" jsonb,
	"version" integer,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"finished_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid,
	"recipient" text NOT NULL,
	"content" jsonb NOT NULL,
	"attachments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz(3) NOT NULL,
	"last_error" text,
	"sent_at" timestamptz(3),
	"file" text,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_mail_per_cause" UNIQUE("kind","source"),
	CONSTRAINT "mail_status_known" CHECK ("mails"."status" in ('pending', 'sent', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "media_relay_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"relays" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "media_relay_sets_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "movements" (
	"client_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"amount" numeric(20,6) NOT NULL,
	"balance_after" numeric(20,6) NOT NULL,
	"currency" text NOT NULL,
	"call_id" text,
	"invoice_id" uuid,
	"reference" text,
	"actor" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "movements_client_id_seq_pk" PRIMARY KEY("client_id","seq"),
	CONSTRAINT "one_movement_per_cause" UNIQUE("client_id","kind","source"),
	CONSTRAINT "kind_known" CHECK ("movements"."kind" in ('top-up', 'adjustment', 'charge', 'overrun', 'correction', 'invoice', 'payment'))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"also_to" text,
	"created_at" timestamptz(3) NOT NULL,
	"published_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "rate_deck_versions" (
	"rate_deck_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"effective_at" timestamptz(3) NOT NULL,
	"rounding_mode" text NOT NULL,
	"rounding_decimals" smallint NOT NULL,
	"rates" integer NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "rate_deck_versions_rate_deck_id_version_pk" PRIMARY KEY("rate_deck_id","version")
);
--> statement-breakpoint
CREATE TABLE "rate_decks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"rounding_mode" text NOT NULL,
	"rounding_decimals" smallint NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "rate_decks_brand_id_name_unique" UNIQUE("brand_id","name")
);
--> statement-breakpoint
CREATE TABLE "rates" (
	"rate_deck_id" uuid NOT NULL,
	"prefix" text NOT NULL,
	"from_version" integer NOT NULL,
	"to_version" integer,
	"destination" text NOT NULL,
	"terms" jsonb NOT NULL,
	CONSTRAINT "rates_rate_deck_id_prefix_from_version_pk" PRIMARY KEY("rate_deck_id","prefix","from_version")
);
--> statement-breakpoint
CREATE TABLE "rating_plan_versions" (
	"rating_plan_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"effective_at" timestamptz(3) NOT NULL,
	"time_zone" text,
	"entries" jsonb NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "rating_plan_versions_rating_plan_id_version_pk" PRIMARY KEY("rating_plan_id","version")
);
--> statement-breakpoint
CREATE TABLE "rating_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "rating_plans_brand_id_name_unique" UNIQUE("brand_id","name")
);
--> statement-breakpoint
CREATE TABLE "rating_profiles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"rating_plan_id" uuid NOT NULL,
	"activates_at" timestamptz(3) NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_profile_per_instant" UNIQUE("client_id","activates_at")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "authorized_sources" ADD CONSTRAINT "authorized_sources_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_counters" ADD CONSTRAINT "brand_counters_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_terms" ADD CONSTRAINT "brand_terms_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_conflicts" ADD CONSTRAINT "call_conflicts_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_rollups" ADD CONSTRAINT "call_rollups_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_terms" ADD CONSTRAINT "client_terms_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_media_relay_set_id_media_relay_sets_id_fk" FOREIGN KEY ("media_relay_set_id") REFERENCES "public"."media_relay_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_application_server_id_application_servers_id_fk" FOREIGN KEY ("application_server_id") REFERENCES "public"."application_servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corporations" ADD CONSTRAINT "corporations_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_usage" ADD CONSTRAINT "daily_usage_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_rate_deck_id_rate_decks_id_fk" FOREIGN KEY ("rate_deck_id") REFERENCES "public"."rate_decks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "movements" ADD CONSTRAINT "movements_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_deck_versions" ADD CONSTRAINT "rate_deck_versions_rate_deck_id_rate_decks_id_fk" FOREIGN KEY ("rate_deck_id") REFERENCES "public"."rate_decks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_decks" ADD CONSTRAINT "rate_decks_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rates" ADD CONSTRAINT "rates_rate_deck_id_rate_decks_id_fk" FOREIGN KEY ("rate_deck_id") REFERENCES "public"."rate_decks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_plan_versions" ADD CONSTRAINT "rating_plan_versions_rating_plan_id_rating_plans_id_fk" FOREIGN KEY ("rating_plan_id") REFERENCES "public"."rating_plans"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_plans" ADD CONSTRAINT "rating_plans_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_profiles" ADD CONSTRAINT "rating_profiles_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_profiles" ADD CONSTRAINT "rating_profiles_rating_plan_id_rating_plans_id_fk" FOREIGN KEY ("rating_plan_id") REFERENCES "public"."rating_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_rollup" ON "call_rollups" USING btree ("client_id","day","destination") WHERE "call_rollups"."invoice_id" is null;--> statement-breakpoint
CREATE INDEX "rollups_of_invoice" ON "call_rollups" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "calls_by_client" ON "calls" USING btree ("client_id","created_at" DESC NULLS LAST,"call_id");--> statement-breakpoint
CREATE INDEX "calls_by_brand" ON "calls" USING btree ("brand_id","created_at" DESC NULLS LAST,"call_id");--> statement-breakpoint
CREATE INDEX "calls_running" ON "calls" USING btree ("client_id") WHERE "calls"."status" in ('authorized', 'started');--> statement-breakpoint
CREATE INDEX "dead_letters_by_time" ON "dead_letters" USING btree ("received_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "mails_waiting" ON "mails" USING btree ("next_attempt_at") WHERE "mails"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("id") WHERE "outbox"."published_at" is null;--> statement-breakpoint
CREATE INDEX "rates_ended" ON "rates" USING btree ("rate_deck_id","to_version") WHERE "rates"."to_version" is not null;--> statement-breakpoint
CREATE INDEX "profiles_of_plan" ON "rating_profiles" USING btree ("rating_plan_id");