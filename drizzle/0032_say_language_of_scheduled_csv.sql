-- Why: a spreadsheet of a language with a decimal comma reads 0.125 as 125 or as text: a schedule says for which language its
-- CSV for spreadsheets is written. Schedules that were there keep decimal point and commas.
ALTER TABLE "report_schedules" ADD COLUMN "locale" text;