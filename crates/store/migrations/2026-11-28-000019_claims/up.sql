-- Letters that ask whoever has a structure's address to take its sheet over: ours alone. `campaign` is when an animator wrote to all, 0 where somebody asked for
-- this one letter on the structure's page. `address` is a keyed digest: the address itself stays in the record. `standing` tells how far the letter has come (due,
-- sent, refused by the mail server, dropped), `told` since when, `taken` when the sheet was taken over after it.
CREATE TABLE claim_letters (
    id TEXT NOT NULL PRIMARY KEY,
    structure TEXT NOT NULL,
    campaign BIGINT NOT NULL,
    address TEXT NOT NULL,
    created BIGINT NOT NULL,
    standing TEXT NOT NULL,
    told BIGINT,
    taken BIGINT
);
CREATE INDEX claim_letters_of_structure ON claim_letters (structure);
CREATE INDEX claim_letters_by_standing ON claim_letters (standing, campaign, created);

-- Addresses that no such letter goes to any more, by the same digest, and nothing else of whoever said so.
CREATE TABLE claim_refusals (
    address TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);
