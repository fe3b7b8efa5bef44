"""What is to be done in chats, and what became of it."""

from __future__ import annotations

from django.db import models


class OutboxItem(models.Model):
    """One outside effect on its way. See ``kernel.effects.EffectState`` for the states."""

    key = models.CharField(max_length=255, unique=True)
    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField(null=True)
    carrier = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    member_id = models.BigIntegerField(null=True)
    payload = models.JSONField()
    is_urgent = models.BooleanField(default=False)
    is_reply = models.BooleanField(default=False)
    state = models.CharField(max_length=16)
    capability = models.CharField(max_length=32)
    reason_code = models.CharField(max_length=64)
    reason_params = models.JSONField(default=dict)
    cause_key = models.CharField(max_length=200)
    queued_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result_ref = models.CharField(max_length=160, blank=True)
    error = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    undoes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="outbox_due", condition=models.Q(next_attempt_at__isnull=False)
            ),
            models.Index(fields=["tried_at"], name="outbox_tried"),
            models.Index(fields=["finished_at"], name="outbox_finished", condition=models.Q(finished_at__isnull=False)),
            models.Index(fields=["state", "-id"], name="outbox_by_state"),
            models.Index(fields=["group_id", "-id"], name="outbox_by_group"),
            models.Index(fields=["cause_key"], name="outbox_by_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
