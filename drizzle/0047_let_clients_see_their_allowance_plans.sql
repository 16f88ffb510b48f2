-- Why: a client that is told what is left of its bundles is told their names, and the currency of their money, too. It sees the
-- plans that it has or had, and no others of its brand.
create policy subscriber on allowance_plans for select to tollgate_api
  using (exists (select from client_allowances a where a.allowance_plan_id = allowance_plans.id));
