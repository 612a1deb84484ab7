DROP TABLE snapshot_pages;
DROP TABLE snapshots;
DELETE FROM early WHERE NOT is_urgent;
ALTER TABLE early DROP COLUMN is_urgent;
