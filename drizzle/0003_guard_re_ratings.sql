-- Why: a re-rating moves money of one operator's clients; no other may see it, or put a call of another into it.
do $$
declare
  name text;
begin
  foreach name in array array['re_ratings', 're_rating_calls', 'call_waivers'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy worker on %I to tollgate_worker using (true) with check (true)', name);
    execute format('create policy platform on %I to tollgate_api using (tenant_is_platform()) with check (tenant_is_platform())', name);
    execute format('grant select, insert, update on %I to tollgate_worker', name);
    execute format('grant select on %I to tollgate_api', name);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on re_ratings to tollgate_api
  using (brand_id = tenant_brand() and tenant_is_whole_brand())
  with check (brand_id = tenant_brand() and tenant_is_whole_brand());
--> statement-breakpoint
create policy tenant on re_rating_calls to tollgate_api
  using (exists (select 1 from re_ratings r where r.id = re_rating_id))
  with check (
    exists (select 1 from re_ratings r where r.id = re_rating_id)
    and exists (select 1 from clients c where c.id = client_id)
  );
--> statement-breakpoint
create policy tenant on call_waivers for select to tollgate_api
  using (exists (select 1 from clients c where c.id = client_id));
--> statement-breakpoint
-- A request says which calls are meant; what comes of them is written by the worker alone.
grant insert on re_ratings, re_rating_calls to tollgate_api;
--> statement-breakpoint
grant update (calls_total) on re_ratings to tollgate_api;
--> statement-breakpoint
revoke update on call_waivers from tollgate_worker;
--> statement-breakpoint
create trigger waivers_are_append_only before update or delete on call_waivers
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger waivers_are_not_truncated before truncate on call_waivers
  for each statement execute function refuse_change();
