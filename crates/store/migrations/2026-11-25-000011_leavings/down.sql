ALTER TABLE invitations DROP COLUMN replaces;
DROP TABLE replacements;
DROP TABLE leavings;
