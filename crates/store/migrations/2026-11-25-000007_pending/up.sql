-- The newest head of a log whose leaves are not all held yet: with it, what is held already can be passed on.
ALTER TABLE logs ADD COLUMN pending TEXT;
