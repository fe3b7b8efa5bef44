"""Facts and the seals that chain them."""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """Who did or decided what, when and why. Append-only; ``digest`` covers it and its personal part with ``salt``."""

    key = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    community_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    identity_id = models.BigIntegerField(null=True)
    message_key = models.CharField(max_length=160, blank=True)
    actor = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    personal_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey("Seal", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "id"], name="fact_by_community"),
            # the journal's filters: each walks the ids of what it asks for, newest first
            models.Index(fields=["name", "id"], name="fact_by_name"),
            models.Index(fields=["community_id", "name", "id"], name="fact_by_place_and_name"),
            models.Index(fields=["at"], name="fact_by_time"),
            # holds what a list by actor sifts, so that no row is read for nothing
            models.Index(
                fields=["id", "actor", "community_id"], name="fact_of_others", condition=~models.Q(actor="system")
            ),
            models.Index(fields=["group_id", "at"], name="fact_by_group"),
            models.Index(fields=["identity_id", "at"], name="fact_by_identity"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonalPart(models.Model):
    """What a person could be known by in a fact. Deleting it keeps the chain whole: the digest was salted."""

    fact = models.OneToOneField(Fact, primary_key=True, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"fact {self.pk}"


class Seal(models.Model):
    """One link of a community's chain: the digest of the link before and of the facts it seals, in the order of ids."""

    community_id = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "number"], name="seal_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.number}"
