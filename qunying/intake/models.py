"""What came in and is to be told: lanes, envelopes, timers."""

from __future__ import annotations

from django.db import models


class Lane(models.Model):
    """One order of events: a group, a private chat, or a community. Workers claim lanes, never envelopes."""

    key = models.CharField(max_length=160, unique=True)
    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField(null=True)
    next_due_at = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_due_at"], name="lane_due", condition=models.Q(next_due_at__isnull=False)),
            models.Index(fields=["leased_by"], name="lane_leased", condition=~models.Q(leased_by="")),
        ]

    def __str__(self) -> str:
        return self.key


class Envelope(models.Model):
    """One thing that happened, as the carrier (or the relay) said it. ``key`` makes accepting it twice harmless."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200, unique=True)
    carrier = models.CharField(max_length=32)
    at = models.DateTimeField()
    accepted_at = models.DateTimeField()
    payload = models.JSONField()
    state = models.CharField(max_length=8, default="waiting")  # waiting done failed
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["lane", "id"], name="envelope_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["id"], name="envelope_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return self.key


class Timer(models.Model):
    """A moment at which a capability wants to be woken in a lane. Unique per capability, lane and key."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+")
    capability = models.CharField(max_length=32)
    key = models.CharField(max_length=160)
    at = models.DateTimeField(db_index=True)
    payload = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "capability", "key"], name="timer_once")]

    def __str__(self) -> str:
        return f"{self.capability} {self.key}"


class Question(models.Model):
    """Something to be found out about a message without haste (``AskLater``). The row goes when the answer is accepted.

    ``next_try_at`` is moved ahead before every try, so that one whose worker dies is tried again, ``tries`` times at most.
    """

    key = models.CharField(max_length=200, unique=True)
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    message_key = models.CharField(max_length=160)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Cursor(models.Model):
    """How far a reader has come in a stream: the relay in the facts, a carrier's gateway in its feed."""

    name = models.CharField(max_length=64, unique=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Unplaced(models.Model):
    """An arrival in a group that a person has yet to place; see ``unplaced.py`` for its bounds. ``account_ref`` is our account
    that heard it."""

    carrier = models.CharField(max_length=32)
    account_ref = models.CharField(max_length=128, blank=True)
    group_ref = models.CharField(max_length=128)
    key = models.TextField()
    at = models.DateTimeField()
    payload = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "group_ref", "key"], name="unplaced_once")]
        indexes = [models.Index(fields=["carrier", "group_ref", "id"], name="unplaced_by_group")]

    def __str__(self) -> str:
        return self.key
