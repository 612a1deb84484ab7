-- How often somebody is written to about what concerns them, while they want mails at all: 'at-once', 'daily', 'weekly'.
ALTER TABLE accounts ADD COLUMN rhythm TEXT NOT NULL DEFAULT 'at-once';
