DROP INDEX files_digest;
DROP INDEX files_file;
DROP INDEX files_small;
ALTER TABLE files RENAME TO pictures;
CREATE INDEX pictures_digest ON pictures (digest);
CREATE INDEX pictures_file ON pictures (file);
CREATE INDEX pictures_small ON pictures (small);
