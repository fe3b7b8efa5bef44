"""What the lake consists of, and how far it has come."""

from __future__ import annotations

from django.db import models


class Part(models.Model):
    """One Parquet file of the lake: rows of one table, community and month (UTC, its first day).

    A file that no part names is not in the lake, whatever lies in the folder. A part merged into another is ``retired``:
    no longer read, its file kept a while for readers that had just asked for it.
    """

    table = models.CharField(max_length=16)
    community_id = models.BigIntegerField()
    month = models.DateField()
    path = models.CharField(max_length=160, unique=True)
    rows = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    written_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "community_id", "month"], name="part_place")]

    def __str__(self) -> str:
        return self.path


class LakeCursor(models.Model):
    """How far a source of the lake has been read: every row up to ``position`` is in it.

    ``seen`` is the highest id at the last look: once it is old enough nobody can still commit a lower one.
    """

    source = models.CharField(max_length=16, primary_key=True)
    position = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    flushed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source} {self.position}"
