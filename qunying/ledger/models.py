"""Movements of money."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One movement of one account in one currency. It never changes and goes only with its community: what was wrong is
    answered by another movement.

    ``act`` is the key of what moved the money, ``key`` that and the currency. ``amount`` are parts of money
    (``kernel.money``), negative where they leave the account. An act that found nothing leaves one entry of nothing, in
    no currency, so that it is known to be done. ``reverses`` is the entry that this one takes back, ``ref`` the
    payment's own number.
    """

    key = models.CharField(max_length=255, unique=True)
    act = models.CharField(max_length=255)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey("people.Identity", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=16)  # deposit
    kind = models.CharField(max_length=16)  # paid forfeited refunded
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    reverses = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="+")
    ref = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "ref"],
                name="entry_payment_once",
                condition=models.Q(kind="paid") & ~models.Q(ref=""),
            )
        ]
        indexes = [
            models.Index(fields=["act"], name="entry_by_act"),
            models.Index(fields=["identity", "at"], name="entry_by_identity"),
            models.Index(fields=["community", "at"], name="entry_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
