"""Work for people: tasks to do, cases to judge."""

from __future__ import annotations

from typing import Any

from django.db import models


class Task(models.Model):
    """Something a person should do. At most one open task per ``key``."""

    key = models.CharField(max_length=200)
    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField(null=True)
    identity_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=300)
    details = models.TextField(blank=True)
    assigned = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=8, default="open")  # open done
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="task_open_once", condition=models.Q(state="open"))]
        indexes = [
            models.Index(fields=["state", "due_at"], name="task_by_state"),
            models.Index(fields=["key"], name="task_by_key"),
        ]

    def __str__(self) -> str:
        return self.title


DECIDED = ("approved", "softened", "dismissed", "upheld", "lifted", "undone")


def _person() -> models.ForeignKey[Any, Any]:
    """Somebody who signs in; nobody any more once their sign-in is gone. Nobody looks cases up by it."""
    return models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)


class Case(models.Model):
    """A judgement to be made: an effect to approve, a message to look at. At most one open case per ``key``.

    While somebody looks at it, it is theirs until ``claimed_until``. ``assigned`` is whom ``handed_on_by`` gave it to, and
    ``why`` in their words. ``first_by`` said yes where two have to. ``outcome`` is what a decision did beside its effects, so
    that it can be taken back: ids, and what we were to say.
    """

    key = models.CharField(max_length=255)
    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField(null=True)
    identity_id = models.BigIntegerField(null=True)
    message_key = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=32)
    score = models.FloatField(null=True)
    capability = models.CharField(max_length=32, blank=True, db_default="")
    reason = models.CharField(max_length=64, blank=True, db_default="")
    state = models.CharField(max_length=10, default="open")  # open, or one of DECIDED
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_by = _person()
    claimed_until = models.DateTimeField(null=True)
    assigned = _person()
    handed_on_by = _person()
    why = models.CharField(max_length=300, blank=True, db_default="")
    first_by = _person()
    first_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="case_open_once", condition=models.Q(state="open"))]
        indexes = [
            models.Index(fields=["state", "-id"], name="case_by_state"),
            models.Index(fields=["community_id", "capability", "reason"], name="case_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
