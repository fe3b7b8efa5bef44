"""Errors that carry a sentence for the person who caused them."""

from __future__ import annotations


class QunyingError(Exception):
    """Something a person can mend; ``str(error)`` says what and where, in their words."""


class BadUse(QunyingError):
    """A command or form was given something wrong: exit code 2, status 422."""


class LostLease(QunyingError):
    """Somebody else has finished what this worker was telling; its transaction must be rolled back."""
