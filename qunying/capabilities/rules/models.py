"""Who has seen which rule, how it was said in a group, who was told of it in private.

No words of anybody are kept here: rules are named by their ids, messages by their keys. What is noted about a member goes
with them, all of it with the community.
"""

from __future__ import annotations

from django.db import models


class RuleReached(models.Model):
    """Somebody has seen a rule as it is meant since version ``meaning``: by what (``knowing.SURER``), when, where.

    ``act_key`` is the effect that told them; it is empty where they showed it themselves.
    """

    rule = models.ForeignKey("communities.Rule", on_delete=models.CASCADE, related_name="+", db_index=False)
    meaning = models.PositiveIntegerField()
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=12)
    at = models.DateTimeField()
    group = models.ForeignKey("communities.Group", null=True, on_delete=models.SET_NULL, related_name="+")
    act_key = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "meaning", "identity"], name="rule_reached_once")]
        indexes = [models.Index(fields=["act_key"], name="rule_reached_by", condition=~models.Q(act_key=""))]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.how} {self.identity_id}"


class RuleSpoken(models.Model):
    """How a rule was said in a group, as it is meant since version ``meaning`` (``knowing.Spoken``)."""

    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.ForeignKey("communities.Rule", on_delete=models.CASCADE, related_name="+")
    meaning = models.PositiveIntegerField()
    first_heard_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    source_key = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField(null=True)
    act_key = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "rule", "meaning"], name="rule_spoken_once")]
        indexes = [models.Index(fields=["act_key"], name="rule_spoken_by", condition=~models.Q(act_key=""))]

    def __str__(self) -> str:
        return f"{self.rule_id} in {self.group_id}"


class RuleReminder(models.Model):
    """Somebody was, or is to be, told in private of rules: ``meanings`` are pairs of a rule and its version."""

    act_key = models.CharField(max_length=255, unique=True)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    meanings = models.JSONField(default=list)
    state = models.CharField(max_length=8)

    class Meta:
        indexes = [
            models.Index(fields=["identity", "at"], name="rule_reminder_of"),
            models.Index(fields=["community", "at"], name="rule_reminder_by_home"),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} {self.state}"
