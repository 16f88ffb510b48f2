-- Why: portal users come with secrets that no other tenant, and no query of the API that is not a login, may see.
-- And who changed what has to be known without trusting each route to tell it: triggers write the log in the
-- transaction of the change, and nobody changes the log.
do $$
declare
  name text;
begin
  foreach name in array array['admins', 'sessions', 'login_failures', 'signing_keys', 'audit_log'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
  foreach name in array array['admins', 'sessions', 'login_failures', 'signing_keys'] loop
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('grant insert, update, delete on %I to tollgate_api', name);
    execute format('grant select, delete on %I to tollgate_worker', name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on admins to tollgate_api
  using (exists (select 1 from clients c where c.id = client_id))
  with check (exists (select 1 from clients c where c.id = client_id));
--> statement-breakpoint
create policy tenant on sessions to tollgate_api
  using (exists (select 1 from admins a where a.id = admin_id))
  with check (exists (select 1 from admins a where a.id = admin_id));
--> statement-breakpoint
create policy tenant on audit_log for select to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand());
--> statement-breakpoint
create policy writer on audit_log for insert to tollgate_api, tollgate_worker with check (true);
--> statement-breakpoint
create policy worker on audit_log for select to tollgate_worker using (true);
--> statement-breakpoint
grant insert on audit_log to tollgate_api, tollgate_worker;
--> statement-breakpoint
grant select on audit_log to tollgate_worker;
--> statement-breakpoint
create trigger audit_log_is_append_only before update or delete on audit_log
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_is_not_truncated before truncate on audit_log
  for each statement execute function refuse_change();
--> statement-breakpoint
-- A transaction that forgot whose it is sees nothing, not even what every tenant may see.
create function tenant_is_set() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('tollgate.role', true), '') <> '' $$;
--> statement-breakpoint
alter policy everybody on media_relay_sets using (tenant_is_set());
--> statement-breakpoint
alter policy everybody on application_servers using (tenant_is_set());
--> statement-breakpoint
alter policy everybody on invoice_logos using (tenant_is_set());
--> statement-breakpoint
alter policy everybody on configuration_version using (tenant_is_set()) with check (tenant_is_set());
--> statement-breakpoint
alter policy everybody on configuration_changes using (tenant_is_set()) with check (tenant_is_set());
--> statement-breakpoint
-- What of a row may stand in the log: counters and times of use are no change, secrets are named and not shown,
-- a logo is cut.
create function auditable(changed jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, case
    when value = 'null' then value
    when key in ('digest', 'password_hash', 'secret') then to_jsonb('redacted ' || left(md5(value::text), 8))
    -- Amounts have decimals, and are text wherever they leave the database.
    when jsonb_typeof(value) = 'number' and value::text like '%.%'
      then to_jsonb(trim_scale((value #>> '{}')::numeric)::text)
    when length(value #>> '{}') > 2000 then to_jsonb(left(value #>> '{}', 2000) || '…')
    else value end), '{}')
  from jsonb_each(changed)
  where key not in ('revision', 'created_at', 'updated_at', 'last_used_at', 'last_login_at')
$$;
--> statement-breakpoint
create function audit_change() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then '{}' else auditable(to_jsonb(old)) end;
  new_row jsonb := case when tg_op = 'DELETE' then '{}' else auditable(to_jsonb(new)) end;
  whole jsonb := old_row || new_row;
  was jsonb;
  became jsonb;
  its_client uuid;
  its_brand uuid;
  now_ms bigint := floor(extract(epoch from clock_timestamp()) * 1000);
begin
  select coalesce(jsonb_object_agg(key, value), '{}') into was
    from jsonb_each(old_row) where new_row -> key is distinct from value;
  select coalesce(jsonb_object_agg(key, value), '{}') into became
    from jsonb_each(new_row) where old_row -> key is distinct from value;
  if was = '{}' and became = '{}' then return null; end if;
  its_client := case when tg_table_name = 'clients' then whole ->> 'id' else whole ->> 'client_id' end;
  its_brand := case when tg_table_name = 'brands' then whole ->> 'id' else whole ->> 'brand_id' end;
  if its_brand is null and its_client is not null then
    select brand_id into its_brand from clients where id = its_client;
  end if;
  if its_brand is null and whole ? 'rate_deck_id' then
    select brand_id into its_brand from rate_decks where id = (whole ->> 'rate_deck_id')::uuid;
  end if;
  if its_brand is null and whole ? 'rating_plan_id' then
    select brand_id into its_brand from rating_plans where id = (whole ->> 'rating_plan_id')::uuid;
  end if;
  insert into audit_log (id, actor, request_id, brand_id, client_id, resource, resource_id, action, before, after)
  values (
    -- A UUID of version 7: the milliseconds, then chance.
    encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(now_ms) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid,
    coalesce(nullif(current_setting('tollgate.actor', true), ''), whole ->> 'actor', 'system'),
    nullif(current_setting('tollgate.request', true), ''),
    coalesce(its_brand, tenant_brand()),
    its_client,
    replace(tg_table_name, '_', '-'),
    coalesce(whole ->> 'id', whole ->> 'rate_deck_id', whole ->> 'rating_plan_id', whole ->> 'call_id', ''),
    case tg_op when 'INSERT' then 'create' when 'UPDATE' then 'update' else 'delete' end,
    was, became);
  return null;
end
$$;
--> statement-breakpoint
-- Puts tables under the log; `events` as a trigger names them. A later migration calls it for its own tables.
create function audit_tables(events text, variadic names text[]) returns void language plpgsql as $$
declare
  name text;
begin
  foreach name in array names loop
    execute format('create trigger audit after %s on %I for each row execute function audit_change()', events, name);
  end loop;
end
$$;
--> statement-breakpoint
do $$
begin
  perform audit_tables('insert or update or delete', 'brands', 'clients', 'corporations', 'authorized_sources',
    'rate_decks', 'rating_plans', 'rating_profiles', 'media_relay_sets', 'application_servers', 'api_keys',
    'admins', 'balance_alerts', 'taxes', 'fixed_costs', 'invoice_number_sequences', 'invoice_templates',
    'invoice_schedules', 'invoices');
  -- Versions never change and go with their deck or plan; progress is no change of configuration.
  perform audit_tables('insert', 'rate_deck_versions', 'rating_plan_versions', 'imports', 're_ratings', 'call_waivers',
    'invoice_payments');
  perform audit_tables('update of redriven_at', 'dead_letters');
end
$$;
