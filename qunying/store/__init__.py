"""Rows in bulk and words to be found again, the same on SQLite and PostgreSQL. Knows no table of ours."""
