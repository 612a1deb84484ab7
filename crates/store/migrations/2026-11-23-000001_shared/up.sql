-- What is shared: nodes, their logs, and all that is made of the logs. Plain SQL that SQLite and PostgreSQL both take:
-- texts, whole numbers, no bytes (hashes in hexadecimal). Times are seconds since 1970.

-- The nodes whose logs are held here; this node is one of them.
CREATE TABLE nodes (
    id TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    is_own BOOLEAN NOT NULL,
    root_key TEXT NOT NULL,
    log_key TEXT NOT NULL,
    transport_key TEXT NOT NULL,
    prefixes TEXT NOT NULL,
    pinned_at BIGINT NOT NULL
);

-- One row a log. `frontier` is all that is needed to append; `checkpoint` the newest head whose leaves are all held.
CREATE TABLE logs (
    id BIGINT NOT NULL PRIMARY KEY,
    node TEXT NOT NULL REFERENCES nodes (id),
    channel TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    size BIGINT NOT NULL,
    frontier TEXT NOT NULL,
    checkpoint TEXT,
    UNIQUE (node, channel, epoch)
);

-- The change-sets, as they were signed. `arrival` counts them in the order in which they came here, over all logs: a
-- peer's cursor is one such number.
CREATE TABLE entries (
    log BIGINT NOT NULL REFERENCES logs (id),
    seq BIGINT NOT NULL,
    arrival BIGINT NOT NULL UNIQUE,
    is_urgent BOOLEAN NOT NULL,
    leaf TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (log, seq)
);
CREATE INDEX entries_by_urgency ON entries (is_urgent, arrival);

-- Change-sets of the urgent lane that the log has not reached yet. They are counted with the entries.
CREATE TABLE early (
    log BIGINT NOT NULL REFERENCES logs (id),
    seq BIGINT NOT NULL,
    arrival BIGINT NOT NULL UNIQUE,
    leaf TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (log, seq)
);

-- The live payloads. A payload leaves this table when its version does.
CREATE TABLE payloads (
    log BIGINT NOT NULL REFERENCES logs (id),
    seq BIGINT NOT NULL,
    record TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (log, seq)
);
CREATE INDEX payloads_of_record ON payloads (record);

-- Made of the logs: the state of each record in each channel.
CREATE TABLE states (
    record TEXT NOT NULL,
    channel TEXT NOT NULL,
    log BIGINT NOT NULL REFERENCES logs (id),
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    commitment TEXT NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (record, channel)
);

-- Made of the logs: what the typed reader made of the live payloads. `body` is the record in JSON.
CREATE TABLE records (
    record TEXT NOT NULL,
    channel TEXT NOT NULL,
    node TEXT NOT NULL REFERENCES nodes (id),
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    published BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    expires BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (record, channel)
);
CREATE INDEX records_by_kind ON records (kind, published);

-- Made of the logs: the concepts and communes by which lists are narrowed.
CREATE TABLE facets (
    record TEXT NOT NULL,
    channel TEXT NOT NULL,
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (record, channel, facet, value)
);
CREATE INDEX facets_by_value ON facets (facet, value);

-- Made of the logs: what the typed reader refused, and why.
CREATE TABLE unreadable (
    record TEXT NOT NULL,
    channel TEXT NOT NULL,
    log BIGINT NOT NULL REFERENCES logs (id),
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (record, channel)
);
