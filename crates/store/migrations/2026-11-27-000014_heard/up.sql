-- When a peer last brought or asked something, in seconds since 1970: whoever has nothing to send to it still knows that it is there.
ALTER TABLE peers ADD COLUMN last_heard BIGINT;
