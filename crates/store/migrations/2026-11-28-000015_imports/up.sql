-- Files that were imported: ours alone. `digest` is that of this node's own records before the run; `finished` and `undone` are NULL until it was.
CREATE TABLE import_runs (
    id BIGINT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    layout TEXT NOT NULL,
    digest TEXT NOT NULL,
    started BIGINT NOT NULL,
    finished BIGINT,
    undone BIGINT
);

-- Which row of a file is which record, by the row's number in its source (`bdis-2012:1147`; a digest of the row where it has none) and a digest of the
-- name it has there: old bases give one number to two structures, and people rename a structure. `before` is the record as it was, where the row changed one that stood; `after` the digest of what stood then, and `filled` the fields that had something: what was emptied
-- since was emptied by somebody. When the record is deleted, `before` goes with it.
CREATE TABLE import_rows (
    run BIGINT NOT NULL REFERENCES import_runs (id),
    line BIGINT NOT NULL,
    source TEXT NOT NULL,
    called TEXT NOT NULL,
    record TEXT NOT NULL,
    is_new BOOLEAN NOT NULL,
    before TEXT,
    after TEXT NOT NULL,
    filled TEXT NOT NULL,
    PRIMARY KEY (run, line)
);
CREATE INDEX import_rows_by_record ON import_rows (record);
