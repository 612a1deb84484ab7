DROP TABLE told_apart;
