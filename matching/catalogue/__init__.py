"""Jobs, trainings and places as matching weighs them: read from the database in a fixed number of queries."""
