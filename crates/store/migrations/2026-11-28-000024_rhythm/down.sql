ALTER TABLE accounts DROP COLUMN rhythm;
