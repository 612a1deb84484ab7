DROP TABLE stood;
DROP TABLE remarks;
