-- Structures that an animator told apart: they are not proposed as one again. `one` comes before `other`, so that a pair is one row.
CREATE TABLE told_apart (
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    account TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (one, other)
);
CREATE INDEX told_apart_by_other ON told_apart (other);
