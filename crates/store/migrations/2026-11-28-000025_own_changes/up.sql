-- In what order this node's structures and people changed last, also those that are no more: who holds in memory what they declare reads on
-- from the number it has come to.
CREATE TABLE own_changes (
    record TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE
);
INSERT INTO own_changes (record, number)
    SELECT record, ROW_NUMBER() OVER (ORDER BY record) FROM own_records WHERE kind IN ('structure', 'person');
