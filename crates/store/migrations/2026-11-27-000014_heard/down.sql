ALTER TABLE peers DROP COLUMN last_heard;
