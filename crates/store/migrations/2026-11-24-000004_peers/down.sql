DROP TABLE refusals;
DROP TABLE invitations;
DROP TABLE outbox;
DROP TABLE erasures;
DROP TABLE receipts;
DROP TABLE peers;
