-- Pictures that records name, and what is held of them. `record` is the record that names one, or `account:` and whose form one came with, until a
-- record names it. `file` and `small` are this node's own copies, made of what its home serves at `address`; NULL until they are there.
CREATE TABLE pictures (
    record TEXT NOT NULL,
    digest TEXT NOT NULL,
    address TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    file TEXT,
    small TEXT,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    why TEXT,
    is_doubted BOOLEAN NOT NULL,
    uploaded BIGINT,
    PRIMARY KEY (record, digest)
);
CREATE INDEX pictures_digest ON pictures (digest);
CREATE INDEX pictures_file ON pictures (file);
CREATE INDEX pictures_small ON pictures (small);
