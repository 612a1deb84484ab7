-- Records whose place in the search index has to be looked at again, where no change-set says so. `note` tells one noting from the next.
CREATE TABLE unindexed (
    record TEXT NOT NULL PRIMARY KEY,
    note TEXT NOT NULL
);
