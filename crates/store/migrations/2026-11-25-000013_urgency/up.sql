-- Since when a change-set goes ahead of any backlog, in the order of arrival: what came by the urgent lane has been urgent since it came there, also
-- when its log has caught up with it. NULL where it waits for its turn like all others.
DROP INDEX entries_by_urgency;
ALTER TABLE entries ADD COLUMN urgent BIGINT;
UPDATE entries SET urgent = arrival WHERE is_urgent;
ALTER TABLE entries DROP COLUMN is_urgent;
CREATE INDEX entries_by_urgency ON entries (urgent) WHERE urgent IS NOT NULL;
