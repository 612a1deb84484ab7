-- What came ahead of its turn came by the urgent lane, or with a snapshot; only the first is given on by that lane.
ALTER TABLE early ADD COLUMN is_urgent BOOLEAN NOT NULL DEFAULT TRUE;

-- The newest snapshot of each log that can be given to others: its place, and how many members it has.
CREATE TABLE snapshots (
    log BIGINT NOT NULL PRIMARY KEY REFERENCES logs (id),
    seq BIGINT NOT NULL,
    size BIGINT NOT NULL
);

-- Its members, up to 256 a page: the places of their change-sets, in the order of the digest.
CREATE TABLE snapshot_pages (
    log BIGINT NOT NULL REFERENCES logs (id),
    page BIGINT NOT NULL,
    members TEXT NOT NULL,
    PRIMARY KEY (log, page)
);
