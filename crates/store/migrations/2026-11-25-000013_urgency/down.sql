DROP INDEX entries_by_urgency;
ALTER TABLE entries ADD COLUMN is_urgent BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE entries SET is_urgent = TRUE WHERE urgent IS NOT NULL;
ALTER TABLE entries DROP COLUMN urgent;
CREATE INDEX entries_by_urgency ON entries (is_urgent, arrival);
