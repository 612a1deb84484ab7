ALTER TABLE records DROP COLUMN is_taken;
