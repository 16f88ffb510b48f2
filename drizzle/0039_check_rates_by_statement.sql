-- Why: the foreign key from rates to their deck looked the deck up for each row, two thirds of the time of writing an import of
-- 294,000 rates. Whoever writes rates holds the lock of their deck until the commit, so that it cannot go away in between: one
-- look for each statement says the same. A deck that is deleted takes its rates along, as before.
ALTER TABLE "rates" DROP CONSTRAINT "rates_rate_deck_id_rate_decks_id_fk";--> statement-breakpoint
create function check_deck_of_rates() returns trigger language plpgsql as $$
declare
  missing uuid;
begin
  select given.rate_deck_id into missing
  from (select distinct rate_deck_id from new_rates) given
  where not exists (select from rate_decks deck where deck.id = given.rate_deck_id)
  limit 1;
  if missing is not null then
    raise exception 'there is no rate deck % for these rates', missing using errcode = 'foreign_key_violation';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger check_deck after insert on rates referencing new table as new_rates
  for each statement execute function check_deck_of_rates();
--> statement-breakpoint
create function remove_rates_of_deck() returns trigger language plpgsql as $$
begin
  delete from rates where rate_deck_id = old.id;
  return old;
end
$$;
--> statement-breakpoint
create trigger remove_rates before delete on rate_decks
  for each row execute function remove_rates_of_deck();
