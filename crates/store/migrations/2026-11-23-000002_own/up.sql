-- What is ours alone: no log holds it and no rebuild touches it; it comes back from a backup only.

-- The node's own records, whole: drafts, and the fields that never leave. `version` counts saves that were published.
CREATE TABLE own_records (
    record TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    moderation TEXT NOT NULL,
    author TEXT,
    version BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX own_records_by_kind ON own_records (kind, moderation);
CREATE INDEX own_records_by_author ON own_records (author);

-- Small facts about this node, by name.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
