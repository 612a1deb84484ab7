ALTER TABLE facets RENAME TO facets_by_place;
DROP INDEX facets_by_value;
CREATE TABLE facets (
    record TEXT NOT NULL,
    channel TEXT NOT NULL,
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (record, channel, facet, value)
);
INSERT INTO facets SELECT records.record, records.channel, placed.facet, placed.value FROM facets_by_place AS placed
    JOIN records ON records.log = placed.log AND records.seq = placed.seq;
CREATE INDEX facets_by_value ON facets (facet, value);
DROP TABLE facets_by_place;
DROP INDEX records_by_place;
ALTER TABLE records DROP COLUMN seq;
ALTER TABLE records DROP COLUMN log;
