-- Not pictures alone: documents have files, which are kept and fetched on the same footing. Of a file `file` and `small` are the same, its bytes as they
-- came, and it is 0 points wide and high.
ALTER TABLE pictures RENAME TO files;
DROP INDEX pictures_digest;
DROP INDEX pictures_file;
DROP INDEX pictures_small;
CREATE INDEX files_digest ON files (digest);
CREATE INDEX files_file ON files (file);
CREATE INDEX files_small ON files (small);
