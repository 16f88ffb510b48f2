-- Why: whoever fetched the PDF of an invoice had it drawn anew, without prices of calls or with them, and in the way of the
-- release that drew it. An issued invoice is one document: it is kept as it was first made. And a brand may refuse to
-- issue what lacks something that the law or a reader asks for.
CREATE TABLE "invoice_documents" (
	"invoice_id" uuid NOT NULL,
	"profile" text NOT NULL,
	"content" "bytea" NOT NULL,
	"created_at" timestamptz(3) DEFAULT now() NOT NULL,
	CONSTRAINT "invoice_documents_invoice_id_profile_pk" PRIMARY KEY("invoice_id","profile")
);
--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "issue_only_when_ready" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "invoice_documents" ADD CONSTRAINT "invoice_documents_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
alter table invoice_documents enable row level security;
--> statement-breakpoint
alter table invoice_documents force row level security;
--> statement-breakpoint
create policy worker on invoice_documents to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on invoice_documents to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());
--> statement-breakpoint
create policy tenant on invoice_documents for select to tollgate_api
  using (exists (select 1 from invoices i where i.id = invoice_id));
--> statement-breakpoint
grant select, insert on invoice_documents to tollgate_worker;
--> statement-breakpoint
grant select on invoice_documents to tollgate_api;
--> statement-breakpoint
-- A PDF is packed already: trying to pack it again takes time and saves nothing.
alter table invoice_documents alter column content set storage external;
--> statement-breakpoint
create trigger documents_are_append_only before update or delete on invoice_documents
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger documents_are_not_truncated before truncate on invoice_documents
  for each statement execute function refuse_change();
