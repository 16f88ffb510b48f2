-- Why: a forgotten "where brand_id = …" must not show one operator's data to another, and a bug must not
-- rewrite money. So the database itself keeps tenants apart and the ledger append-only.
--
-- tollgate_api    serves requests; sees the rows of the tenant set by set_config('tollgate.…', …, true).
-- tollgate_worker settles, meters and invoices across tenants; serves no reads.
-- Neither can log in: the service's own login takes them on. Roles belong to the whole cluster, so another
-- database may have made them already.
do $$
begin
  create role tollgate_api nologin;
exception when duplicate_object or unique_violation then null;
end
$$;
--> statement-breakpoint
do $$
begin
  create role tollgate_worker nologin;
exception when duplicate_object or unique_violation then null;
end
$$;
--> statement-breakpoint
do $$
begin
  execute format('grant tollgate_api, tollgate_worker to %I', current_user);
exception when others then
  -- A superuser needs no grant, and two databases of one cluster may grant at once.
  if not (select rolsuper from pg_roles where rolname = current_user) then raise; end if;
end
$$;
--> statement-breakpoint
grant usage on schema public to tollgate_api, tollgate_worker;
--> statement-breakpoint
-- The tenant of the transaction. Without one nothing is seen.
create function tenant_is_platform() returns boolean language sql stable parallel safe as
$$ select current_setting('tollgate.role', true) = 'platform' $$;
--> statement-breakpoint
create function tenant_brand() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('tollgate.brand', true), '')::uuid $$;
--> statement-breakpoint
create function tenant_client() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('tollgate.client', true), '')::uuid $$;
--> statement-breakpoint
-- True for a tenant that sees a whole brand, not one client of it.
create function tenant_is_whole_brand() returns boolean language sql stable parallel safe as
$$ select nullif(current_setting('tollgate.client', true), '') is null $$;
--> statement-breakpoint
do $$
declare
  name text;
begin
  for name in select tablename from pg_tables where schemaname = 'public' loop
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
create policy tenant on brands to tollgate_api using (id = tenant_brand()) with check (id = tenant_brand());
--> statement-breakpoint
-- Things a brand owns as a whole; a client's users see what concerns them through their own rows.
do $$
declare
  name text;
begin
  foreach name in array array['corporations', 'rate_decks', 'rating_plans', 'imports', 'dead_letters', 'idempotency_keys'] loop
    execute format(
      'create policy tenant on %I to tollgate_api using (brand_id = tenant_brand() and tenant_is_whole_brand()) with check (brand_id = tenant_brand() and tenant_is_whole_brand())',
      name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on brand_terms to tollgate_api
  using (brand_id = tenant_brand()) with check (brand_id = tenant_brand());
--> statement-breakpoint
create policy tenant on brand_counters to tollgate_api
  using (brand_id = tenant_brand()) with check (brand_id = tenant_brand());
--> statement-breakpoint
create policy tenant on clients to tollgate_api
  using (brand_id = tenant_brand() and (tenant_is_whole_brand() or id = tenant_client()))
  with check (brand_id = tenant_brand() and (tenant_is_whole_brand() or id = tenant_client()));
--> statement-breakpoint
create policy tenant on calls to tollgate_api
  using (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()))
  with check (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()));
--> statement-breakpoint
create policy tenant on api_keys to tollgate_api
  using (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()))
  with check (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()));
--> statement-breakpoint
create policy tenant on mails to tollgate_api
  using (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()))
  with check (brand_id = tenant_brand() and (tenant_is_whole_brand() or client_id = tenant_client()));
--> statement-breakpoint
-- What belongs to a client is seen by whoever sees the client: the policy of clients decides, once.
do $$
declare
  name text;
begin
  foreach name in array array['client_terms', 'authorized_sources', 'accounts', 'movements', 'daily_usage',
    'call_rollups', 'call_conflicts', 'denials', 'rating_profiles'] loop
    execute format(
      'create policy tenant on %I to tollgate_api using (exists (select 1 from clients c where c.id = client_id)) with check (exists (select 1 from clients c where c.id = client_id))',
      name);
  end loop;
end
$$;
--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['rate_deck_versions', 'rates'] loop
    execute format(
      'create policy tenant on %I to tollgate_api using (exists (select 1 from rate_decks d where d.id = rate_deck_id)) with check (exists (select 1 from rate_decks d where d.id = rate_deck_id))',
      name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on rating_plan_versions to tollgate_api
  using (exists (select 1 from rating_plans p where p.id = rating_plan_id))
  with check (exists (select 1 from rating_plans p where p.id = rating_plan_id));
--> statement-breakpoint
-- Facts of the platform that every tenant's requests may read.
create policy everybody on media_relay_sets for select to tollgate_api using (true);
--> statement-breakpoint
create policy everybody on application_servers for select to tollgate_api using (true);
--> statement-breakpoint
create policy everybody on configuration_version to tollgate_api using (true) with check (true);
--> statement-breakpoint
create policy everybody on configuration_changes to tollgate_api using (true) with check (true);
--> statement-breakpoint
-- A request may write a fact to tell, never read what other tenants' facts say.
create policy writer on outbox for insert to tollgate_api with check (true);
--> statement-breakpoint
grant insert, update, delete on brands, brand_terms, brand_counters, corporations, clients, client_terms,
  authorized_sources, rate_decks, rate_deck_versions, rates, imports, rating_plans, rating_plan_versions,
  rating_profiles, media_relay_sets, application_servers, api_keys, idempotency_keys, configuration_changes to tollgate_api;
--> statement-breakpoint
grant insert, update on accounts, daily_usage, mails, outbox, configuration_version to tollgate_api;
--> statement-breakpoint
grant delete on accounts to tollgate_api;
--> statement-breakpoint
grant insert on movements to tollgate_api;
--> statement-breakpoint
grant update on dead_letters, calls to tollgate_api;
--> statement-breakpoint
-- The ledger and the conflicts are written once. The grant keeps the service from changing them, the trigger
-- keeps everybody from doing it by mistake.
revoke update, delete on movements, call_conflicts from tollgate_worker;
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: correct it by a new row', tg_table_name using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
create trigger movements_are_append_only before update or delete on movements
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger movements_are_not_truncated before truncate on movements
  for each statement execute function refuse_change();
--> statement-breakpoint
-- Each change of configuration gets the next number. The one row's lock is held until the commit, so numbers
-- become visible in their order and a replica that knows number n has missed nothing before it.
insert into configuration_version (singleton, version) values (true, 1);
--> statement-breakpoint
create function note_configuration_change() returns trigger language plpgsql as $$
declare
  changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  next bigint;
begin
  update configuration_version set version = version + 1 where singleton returning version into next;
  insert into configuration_changes (version, kind, id) values (next, tg_argv[0], (changed ->> tg_argv[1])::uuid);
  perform pg_notify('configuration', next::text);
  return null;
end
$$;
--> statement-breakpoint
create trigger note_change after insert or update or delete on brands
  for each row execute function note_configuration_change('brand', 'id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on brand_terms
  for each row execute function note_configuration_change('brand', 'brand_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on clients
  for each row execute function note_configuration_change('client', 'id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on client_terms
  for each row execute function note_configuration_change('client', 'client_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on authorized_sources
  for each row execute function note_configuration_change('client', 'client_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on rating_profiles
  for each row execute function note_configuration_change('client', 'client_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on rate_decks
  for each row execute function note_configuration_change('rate-deck', 'id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on rate_deck_versions
  for each row execute function note_configuration_change('rate-deck', 'rate_deck_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on rating_plans
  for each row execute function note_configuration_change('rating-plan', 'id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on rating_plan_versions
  for each row execute function note_configuration_change('rating-plan', 'rating_plan_id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on media_relay_sets
  for each row execute function note_configuration_change('media-relay-set', 'id');
--> statement-breakpoint
create trigger note_change after insert or update or delete on application_servers
  for each row execute function note_configuration_change('application-server', 'id');
--> statement-breakpoint
-- A brand's counter is there before anybody could lock it.
create function open_brand_counter() returns trigger language plpgsql as $$
begin
  insert into brand_counters (brand_id) values (new.id) on conflict do nothing;
  return null;
end
$$;
--> statement-breakpoint
create trigger open_counter after insert on brands
  for each row execute function open_brand_counter();
--> statement-breakpoint
-- Few rows: days whose limit was reached by a denial and is still to be told.
create index daily_limits_untold on daily_usage (client_id, day)
  where limit_reached_at is not null and limit_told_at is null;
--> statement-breakpoint
-- Few rows: what the sweeper looks for each second.
create index calls_to_expire on calls (expires_at) where status = 'authorized';
--> statement-breakpoint
create index calls_awaiting_answer on calls (answer_awaited_until) where answer_awaited_until is not null;
