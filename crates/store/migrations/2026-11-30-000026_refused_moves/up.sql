-- Structures of ours that another network says to have taken in, and that the team does not let go there. Ours alone: nobody is told.
CREATE TABLE refused_moves (
    own TEXT NOT NULL,
    successor TEXT NOT NULL,
    account TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (own, successor)
);
