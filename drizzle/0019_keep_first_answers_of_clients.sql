-- Why: an admin of a client who made another admin with an Idempotency-Key was refused by the walls between tenants:
-- the first answer was the brand's alone. It belongs to the client whose user asked.
ALTER TABLE "idempotency_keys" ADD COLUMN "client_id" uuid;--> statement-breakpoint
alter policy tenant on idempotency_keys
  using (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()))
  with check (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()));
