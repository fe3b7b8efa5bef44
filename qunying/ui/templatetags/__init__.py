"""Template tags, loaded as builtins."""
