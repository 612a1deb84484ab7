ALTER TABLE peers DROP COLUMN is_paused;
