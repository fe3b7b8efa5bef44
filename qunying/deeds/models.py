"""What people did outside the chats."""

from __future__ import annotations

from django.db import models


class DeedImport(models.Model):
    """A table of deeds that somebody brought: ``words`` are what became of its rows, in numbers, lines and reasons.

    ``taken_back_at``: what it had brought anew is gone again.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200)
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    words = models.JSONField(default=dict)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.title


class DeedTaken(models.Model):
    """The id of a deed that was taken back: files of the lake may still hold it, and must not count it."""

    id = models.BigIntegerField(primary_key=True)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Deed(models.Model):
    """Something a person did at a moment: ``kind`` is ``order``, ``refund``, or what a platform calls it.

    ``source`` names the shop or platform it was told by, ``key`` is that source's number of it, or a stable hash where
    it gives none. ``amount`` are parts of money (``kernel.money``), None where it is not about money, never negative.
    ``score`` is what somebody answered: 1 to 5 of ``satisfaction``, 0 to 10 of ``nps``, else None. ``brought`` is the table
    that told of it first, None where it was another program.
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
    score = models.PositiveSmallIntegerField(null=True)
    brought = models.ForeignKey(DeedImport, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "source", "kind", "key"], name="deed_once")]
        indexes = [
            models.Index(fields=["identity", "at"], name="deed_by_identity"),
            models.Index(fields=["community", "at"], name="deed_by_community"),
            # answers are few beside orders and visits, and every look at a board sums them up
            models.Index(fields=["community", "at"], name="deed_with_score", condition=models.Q(score__isnull=False)),
            models.Index(fields=["brought"], name="deed_brought", condition=models.Q(brought__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
