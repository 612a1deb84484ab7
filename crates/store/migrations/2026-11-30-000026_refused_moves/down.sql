DROP TABLE refused_moves;
