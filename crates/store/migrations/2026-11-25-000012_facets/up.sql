-- A sheet is found by the change-set that brought it: two numbers, where its record's name and channel stood with each of its facets, twice. Nothing
-- here is NULL; it is not said to the database, since SQLite would write down for each statement how to take it back in the middle.
ALTER TABLE records ADD COLUMN log BIGINT NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE records SET log = states.log, seq = states.seq FROM states
    WHERE states.record = records.record AND states.channel = records.channel;
CREATE INDEX records_by_place ON records (log, seq);

ALTER TABLE facets RENAME TO facets_by_name;
DROP INDEX facets_by_value;
CREATE TABLE facets (
    log BIGINT,
    seq BIGINT,
    facet TEXT,
    value TEXT,
    PRIMARY KEY (log, seq, facet, value)
);
INSERT INTO facets SELECT records.log, records.seq, named.facet, named.value FROM facets_by_name AS named
    JOIN records ON records.record = named.record AND records.channel = named.channel;
CREATE INDEX facets_by_value ON facets (facet, value);
DROP TABLE facets_by_name;
