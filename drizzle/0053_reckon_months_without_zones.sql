-- Why: the service's SQL names no time zone, also not UTC: the month of an instant is its seconds since 1970. Replaced as it stands,
-- so that what is granted on it stays.
CREATE OR REPLACE VIEW "public"."calls_without_details" WITH (security_invoker = true) AS (
    select client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price, country
    from "removed_calls"
    where details_at is null
      or date_trunc('month', timestamp 'epoch' + extract(epoch from details_at) * interval '1 second')::date in (
        select month from "old_call_months" where dropped_at is not null
      ));