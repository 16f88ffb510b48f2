-- Why: what an invoice listed before a call was corrected names the call's numbers. They go when the details of the call
-- are removed, and not before; seconds and prices stay for ever. Calls have to be found there by their key for that.
CREATE INDEX "corrected_calls_by_call" ON "corrected_calls" USING btree ("client_id","call_id");--> statement-breakpoint
grant update (from_number, to_number, to_normalized, answered_at) on corrected_calls to tollgate_worker;
--> statement-breakpoint
create function refuse_all_but_forgetting() returns trigger language plpgsql as $$
begin
  if new.from_number is null and new.to_number = '' and new.to_normalized is null and new.answered_at is null
    and to_jsonb(new) - array['from_number', 'to_number', 'to_normalized', 'answered_at']
      = to_jsonb(old) - array['from_number', 'to_number', 'to_normalized', 'answered_at']
    and exists (select 1 from removed_calls r where r.client_id = old.client_id and r.call_id = old.call_id)
  then
    return new;
  end if;
  raise exception 'a corrected call keeps its details as long as its call, and its sums for ever'
    using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
drop trigger corrected_calls_are_append_only on corrected_calls;
--> statement-breakpoint
create trigger corrected_calls_are_append_only before delete on corrected_calls
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger corrected_calls_only_forget before update on corrected_calls
  for each row execute function refuse_all_but_forgetting();
