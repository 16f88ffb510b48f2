-- Why: a dry run looks at 500 calls in each transaction and writes nothing of their clients. What its calls would take of
-- allowances is kept between them, or a call of the next 500 would find what the calls before it have used up.
CREATE TABLE "re_rating_draws" (
	"re_rating_id" uuid NOT NULL,
	"allowance_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"name" text NOT NULL,
	"used" numeric NOT NULL,
	"rolled_over" numeric NOT NULL,
	CONSTRAINT "re_rating_draws_re_rating_id_allowance_id_from_day_name_pk" PRIMARY KEY("re_rating_id","allowance_id","from_day","name")
);
--> statement-breakpoint
ALTER TABLE "re_rating_draws" ADD CONSTRAINT "re_rating_draws_re_rating_id_re_ratings_id_fk" FOREIGN KEY ("re_rating_id") REFERENCES "public"."re_ratings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
alter table re_rating_draws enable row level security;
--> statement-breakpoint
alter table re_rating_draws force row level security;
--> statement-breakpoint
create policy worker on re_rating_draws to tollgate_worker using (true) with check (true);
--> statement-breakpoint
grant select, insert, update, delete on re_rating_draws to tollgate_worker;
--> statement-breakpoint
create policy platform on re_rating_draws to tollgate_api
  using ((select tenant_is_platform())) with check ((select tenant_is_platform()));
--> statement-breakpoint
create policy tenant on re_rating_draws for select to tollgate_api
  using (exists (select 1 from re_ratings r where r.id = re_rating_id));
--> statement-breakpoint
grant select on re_rating_draws to tollgate_api;
