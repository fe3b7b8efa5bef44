"""The import of the past: read, keep, count; no opinions, no timers, no effects."""
