"""What happened in a community on a day, in a week, in a month, against the one before."""
