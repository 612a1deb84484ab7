DROP TABLE claim_refusals;
DROP TABLE claim_letters;
