-- When a node was taken out of quarantine, in seconds since 1970; the proof stays.
ALTER TABLE evidence ADD COLUMN lifted BIGINT;
