-- What was decided of a record of ours, one after the other, and the sentence that goes with it: ours alone. `account` decided; nobody did where time did, or where their account is no
-- more. `reader` wrote the record and is told; `mail` is what is still to be done about it.
CREATE TABLE remarks (
    record TEXT NOT NULL,
    number BIGINT NOT NULL,
    account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
    reader TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    decision TEXT NOT NULL,
    sentence TEXT,
    at BIGINT NOT NULL,
    mail TEXT NOT NULL,
    PRIMARY KEY (record, number)
);
CREATE INDEX remarks_by_mail ON remarks (mail, at);

-- Records of ours as they were shown last, while they are not shown any more: what has changed since is told from it.
CREATE TABLE stood (
    record TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);
