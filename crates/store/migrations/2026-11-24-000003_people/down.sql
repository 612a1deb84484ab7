DROP TABLE hidden;
DROP TABLE messages;
DROP TABLE conversations;
DROP TABLE unclaimed;
DROP TABLE notices;
DROP TABLE rights;
DROP TABLE sessions;
DROP TABLE accounts;
