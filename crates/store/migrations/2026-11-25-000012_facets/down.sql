ALTER TABLE facets RENAME TO facets_by_number;
DROP INDEX facets_by_value;
CREATE TABLE facets (
    record TEXT NOT NULL,
    channel TEXT NOT NULL,
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (record, channel, facet, value)
);
INSERT INTO facets SELECT records.record, records.channel, numbered.facet, numbered.value FROM facets_by_number AS numbered
    JOIN records ON records.number = numbered.sheet;
CREATE INDEX facets_by_value ON facets (facet, value);
DROP TABLE facets_by_number;
DROP INDEX records_by_number;
ALTER TABLE records DROP COLUMN number;
