"""What the lake consists of, and how far it has come."""

from __future__ import annotations

from django.db import models


class Part(models.Model):
    """One Parquet file of the lake: rows of one table, community and month (UTC, its first day).

    A file that no part names is not in the lake, goes_together lies in the folder. A part merged into another is ``retired``:
    no longer read, its file kept a while for readers that had just asked for it. ``is_counted``: its days are up to date
    in ``DayCount``.
    """

    table = models.CharField(max_length=16)
    community_id = models.BigIntegerField()
    month = models.DateField()
    path = models.CharField(max_length=160, unique=True)
    rows = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    is_counted = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "community_id", "month"], name="part_place")]

    def __str__(self) -> str:
        return self.path


class DayCount(models.Model):
    """What one local day was in a group, or (``group_id`` 0) in a whole community, where nobody counts twice.

    Counted from the lake whenever something new came for that day, so that pages over thousands of groups need no lake.
    ``hours`` (24 figures) are kept for whole communities only.
    """

    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField()
    day = models.DateField()
    messages = models.PositiveIntegerField(default=0)
    speakers = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    hours = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "group_id", "day"], name="day_count_once")]
        indexes = [
            models.Index(fields=["group_id", "day", "messages"], name="day_count_by_group"),
            models.Index(fields=["day", "community_id", "group_id", "messages"], name="day_count_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.day}"


class Crowd(models.Model):
    """How many different people sit in groups of exactly these communities, programs left out.

    Whoever may see some communities sees the sum of all crowds that meet them: everybody once. Counted as seats are noted.
    """

    communities = models.JSONField(default=list)
    people = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.communities} {self.people}"


class GroupFigures(models.Model):
    """What lists show of a group, as of a local ``day``: eight weeks of talk up to the day before, who spoke in the last one.

    ``weeks`` are eight figures, oldest first, as «3 0 12 …»: a page reads thousands of them, and JSON takes its time; the
    last two stand apart too, so that the database can compare them. ``present`` is how many sat there at ``counted_at``.
    Of the last seven days: who ``joined`` and who is ``gone``, how many messages of members somebody ``read``, for how many
    of those the judges say ``ads``, and by how many people (``advertisers``).
    """

    group_id = models.BigIntegerField(primary_key=True)
    community_id = models.BigIntegerField(db_index=True)
    day = models.DateField()
    weeks = models.CharField(max_length=120)
    last_week = models.PositiveIntegerField(default=0)
    week_before = models.PositiveIntegerField(default=0)
    speakers = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    ads = models.PositiveIntegerField(default=0)
    advertisers = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.group_id} {self.day}"


class Answer(models.Model):
    """What a metric was for many groups when it was last counted: too much to count while somebody waits.

    ``question`` says all that was asked; ``rows`` are the parts, ``total`` the row where nothing is broken down (or none).
    Counted anew with the lake as long as somebody asks.
    """

    question = models.TextField(unique=True)
    rows = models.TextField()
    total = models.TextField()
    until = models.DateTimeField()
    counted_at = models.DateTimeField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.question


class Board(models.Model):
    """What a community's KPIs are computed from, as it was last counted: eight spans of so many days, and its chain.

    ``codes`` are the ways to count that its chain's links asked for; ``words`` hold the counts. Counted anew about every
    hour as long as somebody looks at it; ``asked_at`` is None as long as nobody did.
    """

    community_id = models.BigIntegerField()
    days = models.PositiveSmallIntegerField()
    codes = models.JSONField(default=list)
    words = models.TextField()
    until = models.DateTimeField()
    counted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "days"], name="board_once")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.days}"


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
