"""The door for people: the shell around every page, Today, groups, people, search, import, settings."""
