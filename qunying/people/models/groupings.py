"""Layers people stand in, tags they bear, segments they belong to."""

from __future__ import annotations

from django.db import models


class LayerOfPerson(models.Model):
    """The layer in which somebody stands in a group, or (``group_id`` 0) in a whole community, and since when.

    As it was last computed; the change is a fact. Who sits nowhere has no row.
    """

    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField(default=0)
    person_id = models.BigIntegerField()
    layer = models.CharField(max_length=8)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "group_id", "person_id"], name="layer_once")]
        indexes = [
            models.Index(fields=["community_id", "group_id", "layer", "person_id"], name="layer_by_place"),
            models.Index(fields=["person_id"], name="layer_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.layer}"


class LayersOfPlace(models.Model):
    """How many stand in which layer in a group, or (``group_id`` 0) in a whole community, as of ``until``.

    ``never`` of the dormant have not said a word there. ``limits`` are the thresholds in force when it was computed.
    """

    community_id = models.BigIntegerField()
    group_id = models.BigIntegerField(default=0)
    opener = models.PositiveIntegerField()
    follower = models.PositiveIntegerField()
    lurker = models.PositiveIntegerField()
    dormant = models.PositiveIntegerField()
    never = models.PositiveIntegerField()
    limits = models.JSONField(default=dict)
    until = models.DateTimeField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "group_id"], name="layers_of_place_once")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.group_id}"


class Tag(models.Model):
    """A word that we put on people: what it is for, who looks after it, how long it holds.

    ``community`` None: people of every community. Whoever is given it keeps it for ``days`` (None: no end), and nobody keeps
    it after ``ends_on``. ``retired_at``: it is given to nobody any more and counts nowhere; who had it stays known.
    """

    community = models.ForeignKey("communities.Community", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    days = models.PositiveIntegerField(null=True)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="tag_once",
                condition=models.Q(retired_at=None),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """Somebody was given a tag: how (``hand``, ``segment``, ``import``, ``answer``), until when, and when it was taken back.

    ``batch`` is what was given in one go and ``taken_in`` what was taken back in one go, so that either can be undone. Rows
    stay: what has ended is history.
    """

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    how = models.CharField(max_length=8)
    batch = models.CharField(max_length=16)
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    taken_in = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "person_id"], name="tagging_once", condition=models.Q(taken_at=None))
        ]
        indexes = [
            models.Index(fields=["person_id"], name="tagging_by_person"),
            models.Index(fields=["batch"], name="tagging_by_batch"),
            models.Index(fields=["taken_in"], name="tagging_by_taken_in", condition=~models.Q(taken_in="")),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} {self.person_id}"


class Segment(models.Model):
    """People of whom a rule holds: whoever it is at the moment, or (``frozen_at``) whoever it was then.

    ``community`` None: of every community. ``people`` is how many there were at ``counted_at``.
    """

    community = models.ForeignKey("communities.Community", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200, blank=True)
    rule = models.JSONField()
    owner = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="segment_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return self.name


class SegmentMember(models.Model):
    """Somebody in a frozen segment."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+", db_index=False)
    person_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "person_id"], name="segment_member_once")]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.person_id}"
