-- People, and what is between them: ours alone. Nothing here is in any log.

-- `is_accepted`: the network's animators accepted this person one by one. `person` is their own record, if they have one.
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    is_accepted BOOLEAN NOT NULL,
    wants_mail BOOLEAN NOT NULL,
    person TEXT,
    created BIGINT NOT NULL
);

-- A session is found by the digest of its token; the token itself is in the person's cookie alone.
CREATE TABLE sessions (
    token_digest TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

-- What a person may do for a structure of this node. The right to edit is given by itself, never with the role.
CREATE TABLE rights (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    structure TEXT NOT NULL,
    is_confirmed BOOLEAN NOT NULL,
    may_edit BOOLEAN NOT NULL,
    wants_notices BOOLEAN NOT NULL,
    PRIMARY KEY (account, structure)
);
CREATE INDEX rights_of_structure ON rights (structure);

-- Whom a record concerns, and why; once for each record and person. `mail` tells what is still to be done.
CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    record TEXT NOT NULL,
    structure TEXT,
    reason TEXT NOT NULL,
    created BIGINT NOT NULL,
    is_read BOOLEAN NOT NULL,
    mail TEXT NOT NULL,
    mailed BIGINT,
    UNIQUE (account, record)
);
CREATE INDEX notices_by_mail ON notices (mail, created);

-- Structures nobody has claimed that a record concerns: for the animators' eyes; no mail is ever sent.
CREATE TABLE unclaimed (
    record TEXT NOT NULL,
    structure TEXT NOT NULL,
    reason TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (record, structure)
);

-- An answer to a record, and what follows. `account` or `email`: whom this node tells of a new word.
CREATE TABLE conversations (
    id TEXT NOT NULL,
    side TEXT NOT NULL,
    record TEXT NOT NULL,
    title TEXT NOT NULL,
    peer TEXT NOT NULL,
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT,
    token_digest TEXT NOT NULL UNIQUE,
    is_confirmed BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    last_word BIGINT NOT NULL,
    PRIMARY KEY (id, side)
);

-- Its words. `is_due`: the other side's node has not taken it yet.
CREATE TABLE messages (
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    side TEXT NOT NULL,
    is_ours BOOLEAN NOT NULL,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    is_due BOOLEAN NOT NULL,
    mail TEXT NOT NULL,
    PRIMARY KEY (id, side),
    FOREIGN KEY (conversation, side) REFERENCES conversations (id, side) ON DELETE CASCADE
);

-- Records from elsewhere that an animator hides here.
CREATE TABLE hidden (
    record TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    account TEXT NOT NULL,
    since BIGINT NOT NULL
);
