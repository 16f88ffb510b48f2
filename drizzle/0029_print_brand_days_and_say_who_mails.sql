-- Why: an invoice had one instant for the end of its term, at the time of day of its issue, and documents printed both
-- dates by the client's clock while the number was made by the brand's: invoices issued just after midnight lost their last
-- day, `F2027/01-002` was dated 2026-12-31, and dates in a series ran backwards. The day of issue is the brand's now, the due
-- day is counted from it, and both are kept. Mails say which brand sends them, and may be copied to it; overdue invoices
-- are reminded of by the brand's schedule, each step once; payments are confirmed.
CREATE TABLE "invoice_reminders" (
	"invoice_id" uuid NOT NULL,
	"days_after_due" smallint NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "invoice_reminders_invoice_id_days_after_due_pk" PRIMARY KEY("invoice_id","days_after_due")
);
--> statement-breakpoint
ALTER TABLE "mails" DROP CONSTRAINT "mail_status_known";--> statement-breakpoint
ALTER TABLE "notification_templates" DROP CONSTRAINT "notification_kind_known";--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "mail" jsonb;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "invoice_reminders" jsonb;--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "payment_receipts" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "issue_day" date;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "due_day" date;--> statement-breakpoint
ALTER TABLE "invoice_series" ADD COLUMN "last_issue_day" date;--> statement-breakpoint
ALTER TABLE "mails" ADD COLUMN "copy_of" uuid;--> statement-breakpoint
-- Replicas of the release before, which go on meanwhile, do not name the days.
create function name_days_of_invoice() returns trigger language plpgsql as $$
begin
  new.issue_day := (new.issued_at at time zone new.time_zone)::date;
  new.due_day := (new.due_at at time zone new.time_zone)::date;
  return new;
end
$$;
--> statement-breakpoint
-- Documents that are out keep the dates that they print, which are the client's. What was due at an hour of its last day is
-- due until that day is over. A zone that PostgreSQL does not know is read as UTC.
alter table invoices no force row level security;--> statement-breakpoint
alter table invoice_series no force row level security;--> statement-breakpoint
alter table brands no force row level security;--> statement-breakpoint
alter table invoices disable trigger user;--> statement-breakpoint
alter table invoice_series disable trigger user;--> statement-breakpoint
with known as materialized (
  select name from pg_timezone_names
), zones as (
  select i.id, coalesce(client.name, 'UTC') as client, coalesce(brand.name, 'UTC') as brand
  from invoices i
  join brands b on b.id = i.brand_id
  left join known client on client.name = i.time_zone
  left join known brand on brand.name = b.time_zone
  where i.issued_at is not null
)
update invoices
set issue_day = (issued_at at time zone zones.client)::date,
    due_day = (due_at at time zone zones.client)::date,
    due_at = greatest(
      ((due_at at time zone zones.client)::date + 1)::timestamp at time zone zones.client,
      ((due_at at time zone zones.client)::date + 1)::timestamp at time zone zones.brand)
from zones
where zones.id = invoices.id;
--> statement-breakpoint
update invoice_series
set last_issue_day = (
  select max(issue_day)
  from invoices
  where number_sequence_id = invoice_series.number_sequence_id
    and series_year = invoice_series.year);
--> statement-breakpoint
alter table invoices enable trigger user;--> statement-breakpoint
alter table invoice_series enable trigger user;--> statement-breakpoint
alter table invoices force row level security;--> statement-breakpoint
alter table invoice_series force row level security;--> statement-breakpoint
alter table brands force row level security;--> statement-breakpoint
create trigger name_days before insert or update on invoices
  for each row when (new.issued_at is not null and new.issue_day is null) execute function name_days_of_invoice();
--> statement-breakpoint
ALTER TABLE "invoice_reminders" ADD CONSTRAINT "invoice_reminders_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_invoices_by_due_day" ON "invoices" USING btree ("brand_id","due_day","id") WHERE "invoices"."kind" = 'invoice' and "invoices"."status" = 'issued';--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mail_status_known" CHECK ("mails"."status" in ('pending', 'sent', 'failed', 'cancelled'));--> statement-breakpoint
ALTER TABLE "notification_templates" ADD CONSTRAINT "notification_kind_known" CHECK ("notification_templates"."kind" in ('max-daily-usage', 'low-balance', 'invoice', 'invoice-reminder', 'payment-receipt', 'call-report'));
--> statement-breakpoint
alter table invoice_reminders enable row level security;
--> statement-breakpoint
alter table invoice_reminders force row level security;
--> statement-breakpoint
create policy worker on invoice_reminders to tollgate_worker using (true) with check (true);
--> statement-breakpoint
create policy platform on invoice_reminders to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform());
--> statement-breakpoint
create policy tenant on invoice_reminders for select to tollgate_api
  using (exists (select 1 from invoices i where i.id = invoice_id));
--> statement-breakpoint
grant select, insert on invoice_reminders to tollgate_worker;
--> statement-breakpoint
grant select on invoice_reminders to tollgate_api;
