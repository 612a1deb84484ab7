ALTER TABLE evidence DROP COLUMN lifted;
