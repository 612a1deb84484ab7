-- Free words that an animator aligned to a concept: here alone, and by the concept's IRI.
CREATE TABLE aligned_tags (
    tag TEXT NOT NULL PRIMARY KEY,
    concept TEXT NOT NULL,
    account TEXT NOT NULL,
    since BIGINT NOT NULL
);
