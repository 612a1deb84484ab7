-- What visitors say against a record, of ours or from elsewhere: ours alone, and nothing of who said it. `closed` is NULL while it waits for an animator; then
-- `answer` is what they noted, and `account` who they are.
CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    record TEXT NOT NULL,
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    at BIGINT NOT NULL,
    closed BIGINT,
    answer TEXT,
    account TEXT REFERENCES accounts (id) ON DELETE SET NULL
);
CREATE INDEX reports_of_record ON reports (record, closed);
