"""Who left or fell silent, and what happened to them in the days before, beside those who stayed."""
