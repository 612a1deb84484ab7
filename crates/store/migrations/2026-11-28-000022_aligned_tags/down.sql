DROP TABLE aligned_tags;
