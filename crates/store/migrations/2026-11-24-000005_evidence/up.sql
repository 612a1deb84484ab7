-- Nodes that signed two histories, with the proof. Nothing more of them is taken while a row is here.
CREATE TABLE evidence (
    node TEXT NOT NULL PRIMARY KEY REFERENCES nodes (id),
    text TEXT NOT NULL,
    found BIGINT NOT NULL
);
