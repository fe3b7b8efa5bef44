"""The sandbox platform's own memory: who sits where, what was not fetched yet, whether it is reachable."""

from __future__ import annotations

from django.db import models


class Seat(models.Model):
    """A user in a sandbox group, as the platform knows them."""

    group_ref = models.CharField(max_length=128)
    user_ref = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    card = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16, default="member")
    is_present = models.BooleanField(default=True)
    is_banned = models.BooleanField(default=False)
    muted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group_ref", "user_ref"], name="seat_once")]

    def __str__(self) -> str:
        return self.name


class FeedItem(models.Model):
    """Something that happened on the platform and waits to be fetched by the gateway."""

    group_ref = models.CharField(max_length=128)
    payload = models.JSONField()

    def __str__(self) -> str:
        return f"{self.group_ref} {self.pk}"


class Outage(models.Model):
    """The platform is unreachable until then."""

    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.until}"


class Shelf(models.Model):
    """The folder below which the pictures of this sandbox lie; none where nobody said."""

    folder = models.TextField()

    def __str__(self) -> str:
        return self.folder


class DemoWorld(models.Model):
    """The generated world that is being played, and up to when it was told."""

    seed = models.BigIntegerField()
    groups = models.PositiveIntegerField()
    anchor = models.DateField()
    history_days = models.PositiveIntegerField()
    told_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"seed {self.seed}"
