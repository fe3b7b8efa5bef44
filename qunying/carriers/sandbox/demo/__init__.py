"""The living demo world: forty groups whose people really talk, the same on every machine for the same seed."""
