"""Rooms of any Matrix homeserver."""
