-- Sheets are numbered as they come, and facets name the sheet by its number: its record's name and channel stood with each of them, twice, and in
-- no order in which they came. Nothing in `facets` is NULL; it is not said to the database, since SQLite would then write down for each statement
-- how to take it back in the middle.
ALTER TABLE records ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
UPDATE records SET number = counted.number
    FROM (SELECT record, channel, ROW_NUMBER() OVER (ORDER BY record, channel) AS number FROM records) AS counted
    WHERE counted.record = records.record AND counted.channel = records.channel;
CREATE UNIQUE INDEX records_by_number ON records (number);

ALTER TABLE facets RENAME TO facets_by_name;
DROP INDEX facets_by_value;
CREATE TABLE facets (
    sheet BIGINT,
    facet TEXT,
    value TEXT,
    PRIMARY KEY (sheet, facet, value)
);
INSERT INTO facets SELECT records.number, named.facet, named.value FROM facets_by_name AS named
    JOIN records ON records.record = named.record AND records.channel = named.channel;
CREATE INDEX facets_by_value ON facets (facet, value);
DROP TABLE facets_by_name;
