-- Hubs that this node is leaving: since when, whether what is public is taken back too, and the message by which the hub is told.
CREATE TABLE leavings (
    hub TEXT NOT NULL PRIMARY KEY REFERENCES nodes (id),
    since BIGINT NOT NULL,
    withdraws_public BOOLEAN NOT NULL,
    letter TEXT
);

-- Which node takes the place of which, as the animators here agreed, until it is met.
CREATE TABLE replacements (
    old TEXT NOT NULL PRIMARY KEY REFERENCES nodes (id),
    new TEXT NOT NULL,
    agreed BIGINT NOT NULL
);

-- The node-id that whoever takes up the invitation replaces: a network that lost its keys and joins anew.
ALTER TABLE invitations ADD COLUMN replaces TEXT;
