-- Other nodes as this one deals with them: ours alone.

-- One row a peer. `cursor` is the arrival up to which the peer has taken everything; `urgent` likewise on the urgent lane.
CREATE TABLE peers (
    node TEXT NOT NULL PRIMARY KEY REFERENCES nodes (id),
    role TEXT NOT NULL,
    cursor BIGINT NOT NULL,
    urgent BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    last_success BIGINT,
    last_failure BIGINT,
    reason TEXT
);

-- The newest cosignature of a peer on each log of ours.
CREATE TABLE receipts (
    node TEXT NOT NULL REFERENCES nodes (id),
    log BIGINT NOT NULL REFERENCES logs (id),
    size BIGINT NOT NULL,
    signature TEXT NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (node, log)
);

-- Erasure receipts of deletes of ours.
CREATE TABLE erasures (
    node TEXT NOT NULL,
    change_set TEXT NOT NULL,
    receipt TEXT NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (node, change_set)
);

-- Messages on their way to another node, until it has taken them.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    was_told BOOLEAN NOT NULL
);

-- Invitations a hub has made, by the digest of their code.
CREATE TABLE invitations (
    code_digest TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    used_by TEXT
);

-- What was refused, of whom, and why; the newest of each cause is kept, with how often.
CREATE TABLE refusals (
    node TEXT NOT NULL,
    cause TEXT NOT NULL,
    detail TEXT NOT NULL,
    count BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (node, cause)
);
