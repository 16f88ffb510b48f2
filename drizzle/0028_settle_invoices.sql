-- Why: an invoice was due, and dunned, while the money for it lay on the account: only payments posted to that very invoice
-- settled it. Now money on the account settles open invoices, and each allocation is kept. What clients have and owe from
-- before is settled below, once: documents that were issued stay as they were printed.
CREATE TABLE "invoice_allocations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"from_invoice_id" uuid,
	"to_invoice_id" uuid NOT NULL,
	"amount" numeric(20,6) NOT NULL,
	"source" text,
	"actor" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "allocation_moves" CHECK ("invoice_allocations"."amount" <> 0)
);
--> statement-breakpoint
ALTER TABLE "invoice_payments" DROP CONSTRAINT "payment_adds";--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "auto_allocate" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD COLUMN "settled_amount" numeric(20,6);--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD COLUMN "reverses_payment_id" uuid;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "amount_due_at_issue" numeric(20,6);--> statement-breakpoint
ALTER TABLE "invoice_allocations" ADD CONSTRAINT "invoice_allocations_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_allocations" ADD CONSTRAINT "invoice_allocations_from_invoice_id_invoices_id_fk" FOREIGN KEY ("from_invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_allocations" ADD CONSTRAINT "invoice_allocations_to_invoice_id_invoices_id_fk" FOREIGN KEY ("to_invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allocations_to_invoice" ON "invoice_allocations" USING btree ("to_invoice_id","id");--> statement-breakpoint
CREATE INDEX "allocations_from_invoice" ON "invoice_allocations" USING btree ("from_invoice_id","id") WHERE "invoice_allocations"."from_invoice_id" is not null;--> statement-breakpoint
CREATE INDEX "allocations_of_client" ON "invoice_allocations" USING btree ("client_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_allocation_per_cause" ON "invoice_allocations" USING btree ("client_id","source") WHERE "invoice_allocations"."source" is not null;--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "invoice_payments_reverses_payment_id_invoice_payments_id_fk" FOREIGN KEY ("reverses_payment_id") REFERENCES "public"."invoice_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_invoices" ON "invoices" USING btree ("client_id") WHERE "invoices"."kind" = 'invoice' and ("invoices"."status" = 'issued' or ("invoices"."status" = 'credited' and "invoices"."total" < 0));--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "one_reversal_per_payment" UNIQUE("reverses_payment_id");--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "payment_moves" CHECK ("invoice_payments"."amount" <> 0);
--> statement-breakpoint
alter table invoice_allocations enable row level security;--> statement-breakpoint
alter table invoice_allocations force row level security;--> statement-breakpoint
create policy worker on invoice_allocations to tollgate_worker using (true) with check (true);--> statement-breakpoint
create policy platform on invoice_allocations to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
-- Seen by whoever sees the invoice. A top-up of a brand's own client settles its invoices.
create policy tenant on invoice_allocations for select to tollgate_api
  using (exists (select 1 from invoices i where i.id = to_invoice_id));
--> statement-breakpoint
create policy tenant_settles on invoice_allocations for insert to tollgate_api
  with check ((select tenant_is_whole_brand()) and exists (select 1 from clients c where c.id = client_id));
--> statement-breakpoint
create policy tenant_settles on invoices for update to tollgate_api
  using (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()))
  with check (brand_id = (select tenant_brand()) and (select tenant_is_whole_brand()));
--> statement-breakpoint
grant select, insert on invoice_allocations to tollgate_worker, tollgate_api;--> statement-breakpoint
-- What settling changes of an invoice, and nothing else of it.
grant update (status, paid_amount, revision, updated_at) on invoices to tollgate_api;--> statement-breakpoint
create trigger allocations_are_append_only before update or delete on invoice_allocations
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger allocations_are_not_truncated before truncate on invoice_allocations
  for each statement execute function refuse_change();
--> statement-breakpoint
-- An owner without special rights would see no row. It also locks these tables: nothing moves until all is settled.
alter table invoice_allocations no force row level security;--> statement-breakpoint
alter table invoices no force row level security;--> statement-breakpoint
alter table accounts no force row level security;--> statement-breakpoint
alter table call_rollups no force row level security;--> statement-breakpoint
-- A negative invoice counted as paid at once: it is open until its money is used up. Those who pay in advance have had it.
update invoices
set status = 'issued', revision = revision + 1, updated_at = now()
where kind = 'invoice' and status = 'paid' and total < 0 and prepaid_amount = 0 and total - paid_amount - credited_amount < 0;
--> statement-breakpoint
-- Money and open invoices of a client, each laid out along one line: where two stretches meet, one settles the other.
with open as (
  select id, client_id, issued_at, number,
         case when total < 0 then total - prepaid_amount - paid_amount - credited_amount
              else greatest(0, total - prepaid_amount - paid_amount - credited_amount) end as due
  from invoices
  where kind = 'invoice' and status = 'issued'
), money as (
  select a.client_id,
         a.balance + coalesce(o.due, 0)
           + coalesce((select sum(r.amount) from call_rollups r where r.client_id = a.client_id and r.invoice_id is null), 0)
           as amount
  from accounts a
  join (select client_id, sum(greatest(0, due)) as due from open group by client_id) o on o.client_id = a.client_id
), targets as (
  select id, client_id, sum(due) over w - due as begins, sum(due) over w as ends
  from open
  where due > 0
  window w as (partition by client_id order by issued_at, number rows unbounded preceding)
), credits as (
  select id, client_id, sum(-due) over w + due as begins, sum(-due) over w as ends
  from open
  where due < 0
  window w as (partition by client_id order by issued_at, number rows unbounded preceding)
), sources as (
  select id, client_id, begins, ends from credits
  union all
  select null, m.client_id, coalesce(c.ends, 0), m.amount
  from money m
  left join (select client_id, max(ends) as ends from credits group by client_id) c on c.client_id = m.client_id
)
insert into invoice_allocations (id, client_id, from_invoice_id, to_invoice_id, amount, actor, created_at)
select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
         substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid,
       t.client_id, s.id, t.id,
       least(s.ends, t.ends, m.amount) - greatest(s.begins, t.begins), 'system', now()
from targets t
join sources s on s.client_id = t.client_id and s.begins < t.ends and s.ends > t.begins
join money m on m.client_id = t.client_id
where least(s.ends, t.ends, m.amount) > greatest(s.begins, t.begins);
--> statement-breakpoint
update invoices i
set paid_amount = i.paid_amount + given.amount,
    status = case when i.total - i.prepaid_amount - i.paid_amount - given.amount - i.credited_amount = 0 then 'paid' else i.status end,
    revision = i.revision + 1,
    updated_at = now()
from (
  select id, sum(amount) as amount
  from (
    select to_invoice_id as id, amount from invoice_allocations
    union all
    select from_invoice_id, -amount from invoice_allocations where from_invoice_id is not null
  ) each
  group by id
) given
where given.id = i.id;
--> statement-breakpoint
alter table invoice_allocations force row level security;--> statement-breakpoint
alter table invoices force row level security;--> statement-breakpoint
alter table accounts force row level security;--> statement-breakpoint
alter table call_rollups force row level security;
