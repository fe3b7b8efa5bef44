"""What order remembers between batches: traces without words, and the steps it took."""

from __future__ import annotations

from django.db import models


class OrderTrace(models.Model):
    """A ``knowing.Trace``, kept for some days. Numbers only: ``marks``, ``sketch`` and ``looks`` are hashes."""

    key = models.CharField(max_length=255)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8)
    score = models.FloatField(default=0.0)
    marks = models.JSONField(default=list)
    sketch = models.JSONField(default=list)
    is_new = models.BooleanField(default=False)
    looks = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["community", "at"], name="trace_by_community"),
            models.Index(fields=["identity"], name="trace_by_identity"),
            models.Index(fields=["at"], name="trace_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"


class StepTaken(models.Model):
    """A step of a ladder against somebody (``knowing.Sanction``): because of which event, by which rule, until when it counts.

    Whether it was done is told by the effects of its ``cause_key``. ``lifted_at``: somebody took it back, and why.
    """

    cause_key = models.CharField(max_length=200)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(max_length=32)
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause_key", "identity"], name="step_once")]
        indexes = [
            models.Index(fields=["identity", "community"], name="step_by_identity"),
            models.Index(fields=["community", "-at"], name="step_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.step}"
