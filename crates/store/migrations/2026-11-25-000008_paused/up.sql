-- Whether exchanges with a peer rest, by its own animators' wish or ours.
ALTER TABLE peers ADD COLUMN is_paused BOOLEAN NOT NULL DEFAULT FALSE;
