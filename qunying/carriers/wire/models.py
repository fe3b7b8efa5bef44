"""Our lines to accounts on real platforms, what came over them, what could not be understood."""

from __future__ import annotations

from django.db import models


class Line(models.Model):
    """One account of ours on a platform and how it is reached.

    ``account_ref`` is empty until the platform has said who we are there. ``options`` are what a person chose, readable;
    ``sealed`` is the token or password, encrypted with the installation's key. ``cursor`` is how far we have heard.
    ``community_id`` is where new groups belong. ``state``: ``new online offline refused``; ``why`` says what is wrong, for people. ``can`` is per group what we may do there.
    """

    carrier = models.CharField(max_length=32)
    account_ref = models.CharField(max_length=128, blank=True)
    name = models.CharField(max_length=120, blank=True)
    community_id = models.BigIntegerField(null=True)
    options = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    cursor = models.TextField(blank=True)
    is_paused = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="new")
    why = models.CharField(max_length=300, blank=True)
    can = models.JSONField(default=dict)
    heard_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "account_ref"], name="line_account", condition=~models.Q(account_ref="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.account_ref}"


class Heard(models.Model):
    """Something that a platform said and that waits to be taken in. The row goes when it was."""

    carrier = models.CharField(max_length=32)
    account_ref = models.CharField(max_length=128, blank=True)
    key = models.CharField(max_length=160)
    at = models.DateTimeField()
    group_ref = models.CharField(max_length=128, blank=True)
    person_ref = models.CharField(max_length=128, blank=True)
    payload = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["carrier", "id"], name="heard_by_carrier")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.key}"


class Mishap(models.Model):
    """What a platform, or somebody who claimed to be one, did that we could not take: counted per day, with the latest of each."""

    carrier = models.CharField(max_length=32)
    line_id = models.BigIntegerField(default=0)  # 0: before anybody knew which
    what = models.CharField(max_length=40)
    day = models.DateField()
    times = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField()
    sample = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "line_id", "what", "day"], name="mishap_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.times}"


class Switchboard(models.Model):
    """Where the process that holds the lines can be asked to speak. One row."""

    address = models.CharField(max_length=200)
    sealed = models.TextField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
