-- Whether this network takes a record of another: shows it, finds it, tells of it. Made of the record and of what was chosen here.
ALTER TABLE records ADD COLUMN is_taken BOOLEAN NOT NULL DEFAULT TRUE;
