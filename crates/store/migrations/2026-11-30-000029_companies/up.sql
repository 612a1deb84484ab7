-- Whether a record of ours is the sheet of an ordinary company: who has a role there is no member of the network by that. Typed texts cannot look
-- like the mark, since their quotation marks are escaped in JSON.
ALTER TABLE own_records ADD COLUMN is_company BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE own_records SET is_company = TRUE WHERE kind = 'structure' AND body LIKE '%"is_company":true%';
