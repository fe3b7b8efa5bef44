"""What people did outside the chats."""

from __future__ import annotations

from django.db import models


class Deed(models.Model):
    """Something a person did at a moment: ``kind`` is ``order``, ``refund``, or what a platform calls it.

    ``source`` names the shop or platform it was told by, ``key`` is that source's number of it, or a stable hash where
    it gives none. ``amount`` are parts of money (``kernel.money``), None where it is not about money, never negative.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    at = models.DateTimeField()
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    quantity = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "source", "kind", "key"], name="deed_once")]
        indexes = [
            models.Index(fields=["identity", "at"], name="deed_by_identity"),
            models.Index(fields=["community", "at"], name="deed_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
