"""Drills: small plays in virtual time, told through the real intake, pipeline and outbox."""
