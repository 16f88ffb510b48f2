-- Why: an inbound leg is internal by who calls, not by who is called, and its price is decided again at its end.
ALTER TABLE "calls" ADD COLUMN "from_client_id" uuid;
