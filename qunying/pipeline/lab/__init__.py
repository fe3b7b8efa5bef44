"""Labs: trial groups that a person plays in. Each is a database file of its own, so nothing in it can reach anybody."""
