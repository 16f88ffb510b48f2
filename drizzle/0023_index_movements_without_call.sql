-- Why: where the price of a call is not shown, an account is told by its days and by what no call moved. Those few movements
-- stood among all of the calls, and each page of the list read every one of them. Calls write nothing into this index.
CREATE INDEX "movements_without_call" ON "movements" USING btree ("client_id","seq") WHERE "movements"."call_id" is null;