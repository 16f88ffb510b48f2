-- Why: systems that speak HTTP alone could hear of a priced call or an issued invoice by asking again and again. Facts are
-- sent to them now: a delivery is written with its fact, in one transaction, once per endpoint.
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid,
	"event_id" uuid NOT NULL,
	"event" text NOT NULL,
	"body" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz(3) NOT NULL,
	"tries_since" timestamptz(3) NOT NULL,
	"last_attempt_at" timestamptz(3),
	"last_status" integer,
	"last_error" text,
	"delivered_at" timestamptz(3),
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "one_delivery_per_fact" UNIQUE("endpoint_id","event_id"),
	CONSTRAINT "delivery_status_known" CHECK ("webhook_deliveries"."status" in ('pending', 'delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"client_id" uuid,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"description" text NOT NULL,
	"enabled" boolean NOT NULL,
	"disabled_reason" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	"updated_at" timestamptz(3) DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"secret" text NOT NULL,
	"expires_at" timestamptz(3),
	"created_at" timestamptz(3) DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "webhook_deliveries" USING btree ("endpoint_id","next_attempt_at") WHERE "webhook_deliveries"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_of_brand" ON "webhook_deliveries" USING btree ("brand_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_by_age" ON "webhook_deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhooks_of_brand" ON "webhook_endpoints" USING btree ("brand_id","id");--> statement-breakpoint
CREATE INDEX "secrets_of_webhook" ON "webhook_secrets" USING btree ("endpoint_id");
--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['webhook_endpoints', 'webhook_secrets', 'webhook_deliveries'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using ((select tenant_is_platform())) with check ((select tenant_is_platform()))', name);
    execute format('grant select, insert, update, delete on %I to tollgate_worker', name);
    execute format('grant select, insert, update, delete on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['webhook_endpoints', 'webhook_deliveries'] loop
    execute format(
      'create policy tenant on %I to tollgate_api
         using (brand_id = (select tenant_brand()) and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())))
         with check (brand_id = (select tenant_brand()) and ((select tenant_is_whole_brand()) or client_id = (select tenant_client())))',
      name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on webhook_secrets to tollgate_api
  using (exists (select 1 from webhook_endpoints e where e.id = endpoint_id))
  with check (exists (select 1 from webhook_endpoints e where e.id = endpoint_id));
--> statement-breakpoint
select audit_tables('insert or update or delete', 'webhook_endpoints');
