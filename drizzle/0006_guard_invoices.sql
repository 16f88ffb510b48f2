-- Why: an issued invoice is a document of law. It is never changed, never deleted, and its number is never free
-- again; what may still change is only how much of it is paid or credited. And one operator, or one client, must
-- not see another's documents, whatever a query forgets.
do $$
declare
  name text;
begin
  foreach name in array array['taxes', 'fixed_costs', 'invoice_number_sequences', 'invoice_series', 'invoice_templates',
    'invoice_logos', 'invoices', 'invoice_lines', 'invoice_payments', 'freed_rollups', 'invoice_schedules',
    'invoice_schedule_periods'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format('grant select, insert, update, delete on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
-- Things a brand owns as a whole.
do $$
declare
  name text;
begin
  foreach name in array array['taxes', 'fixed_costs', 'invoice_number_sequences', 'invoice_templates', 'invoice_schedules'] loop
    execute format(
      'create policy tenant on %I to tollgate_api using (brand_id = tenant_brand() and tenant_is_whole_brand()) with check (brand_id = tenant_brand() and tenant_is_whole_brand())',
      name);
    execute format('grant insert, update, delete on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on invoice_series to tollgate_api
  using (exists (select 1 from invoice_number_sequences s where s.id = number_sequence_id));
--> statement-breakpoint
-- A client's own users see what was issued to it, where the client shows invoices at all; never a draft.
create policy tenant on invoices for select to tollgate_api
  using (
    brand_id = tenant_brand()
    and (
      tenant_is_whole_brand()
      or (
        client_id = tenant_client()
        and status <> 'draft'
        and exists (
          select 1 from clients c where c.id = client_id and (c.portal_visibility ->> 'invoices')::boolean
        )
      )
    )
  );
--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['invoice_lines', 'invoice_payments', 'freed_rollups'] loop
    execute format(
      'create policy tenant on %I for select to tollgate_api using (exists (select 1 from invoices i where i.id = invoice_id))',
      name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on invoice_schedule_periods for select to tollgate_api
  using (exists (select 1 from invoice_schedules s where s.id = schedule_id));
--> statement-breakpoint
-- A picture is named by its digest, which only its invoice tells.
create policy everybody on invoice_logos for select to tollgate_api using (true);
--> statement-breakpoint
revoke update, delete on invoice_payments, freed_rollups, invoice_logos from tollgate_worker;
--> statement-breakpoint
revoke delete on invoice_series, invoice_schedule_periods from tollgate_worker;
--> statement-breakpoint
create trigger payments_are_append_only before update or delete on invoice_payments
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger payments_are_not_truncated before truncate on invoice_payments
  for each statement execute function refuse_change();
--> statement-breakpoint
-- The row as it was issued, without what payments and credit notes may still change.
create function issued_facts(invoice jsonb) returns jsonb language sql immutable parallel safe as
$$ select invoice - array['status', 'paid_amount', 'credited_amount', 'revision', 'updated_at'] $$;
--> statement-breakpoint
create function freeze_issued_invoice() returns trigger language plpgsql as $$
begin
  if old.status = 'draft' then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'invoice % is issued: correct it by a credit note', old.number using errcode = 'restrict_violation';
  end if;
  if new.status = 'draft' or issued_facts(to_jsonb(old)) <> issued_facts(to_jsonb(new)) then
    raise exception 'invoice % is issued: correct it by a credit note', old.number using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger issued_invoices_are_frozen before update or delete on invoices
  for each row execute function freeze_issued_invoice();
--> statement-breakpoint
create trigger invoices_are_not_truncated before truncate on invoices
  for each statement execute function refuse_change();
--> statement-breakpoint
create function freeze_issued_lines() returns trigger language plpgsql as $$
declare
  touched uuid := case when tg_op = 'DELETE' then old.invoice_id else new.invoice_id end;
begin
  if exists (select 1 from invoices i where i.id = touched and i.status <> 'draft')
    or (tg_op = 'UPDATE' and exists (select 1 from invoices i where i.id = old.invoice_id and i.status <> 'draft')) then
    raise exception 'the lines of invoice % are issued: correct them by a credit note', touched
      using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
--> statement-breakpoint
create trigger issued_lines_are_frozen before insert or update or delete on invoice_lines
  for each row execute function freeze_issued_lines();
--> statement-breakpoint
create trigger lines_are_not_truncated before truncate on invoice_lines
  for each statement execute function refuse_change();
--> statement-breakpoint
-- Numbers only grow, one by one.
create function guard_series() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.last_number <> old.last_number + 1 then
    raise exception 'numbers of a series follow one another' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger series_have_no_gaps before update or delete on invoice_series
  for each row execute function guard_series();
--> statement-breakpoint
-- Few rows: what blocks an issue.
create index calls_rejected on calls (client_id, usage_day) where status = 'rejected';
--> statement-breakpoint
-- The itemised annex: the calls of the rollup rows that an invoice took.
create index calls_of_rollup on calls (rollup_id) where rollup_id is not null;
