"""Incidents and what happened in them.

Nothing that members said is copied here. What is noted about a member goes with them; what staff typed (owner, notes, closing
words) goes with the community.
"""

from __future__ import annotations

from django.db import models


class Incident(models.Model):
    """Something that needs a person who leads through it. At most one open incident per ``key`` in a community.

    ``cause_key`` is the event that opened it. The owner is a line of the official roster as it was then; both are empty
    where nobody was found.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    cause_key = models.CharField(max_length=255)
    kind = models.CharField(max_length=32)
    severity = models.CharField(max_length=8)
    owner_ref = models.CharField(max_length=128, blank=True)
    owner_name = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    closing_words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "key"], name="incident_open_once", condition=models.Q(closed_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["community", "-closed_at"], name="incident_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Moment(models.Model):
    """One line of an incident's course: ``kind`` says what, ``params`` fill its sentence, ``text`` is what somebody typed.

    ``key`` is unique within the incident, so that nothing is told twice.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8)  # found member message task owner note closed reopened
    params = models.JSONField(default=dict)
    member = models.ForeignKey("people.Identity", null=True, on_delete=models.CASCADE, related_name="+")
    message_key = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="moment_once")]
        indexes = [models.Index(fields=["key"], name="moment_by_key", condition=models.Q(kind="found"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
