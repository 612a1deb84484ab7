DROP TABLE settings;
DROP TABLE own_records;
