ALTER TABLE own_records DROP COLUMN is_company;
