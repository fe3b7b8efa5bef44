"""Who carries a community, as last counted: signals, rungs, shortlists."""

from __future__ import annotations

from django.db import models

from qunying.people.models.seated import Person


class Ladder(models.Model):
    """How a community finds the people who carry it: weights of the ranking and rungs as somebody changed them (empty: as
    built in), the day it was founded (None: as the community itself says, else the first day of its record), the group of its
    seed users.

    ``asked_at``: somebody wants it counted anew. ``counted_until`` is the local day up to which was counted, ``decided_on``
    the one on which it was last decided who stands where, ``begun_on`` the first of those. ``noted_people`` are members with
    notes of private talks; ``hanging`` is what hangs on three people (``insights/seeds/hanging.py``), null before it is counted.
    """

    community = models.OneToOneField(
        "communities.Community", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    weights = models.JSONField(default=dict)
    rungs = models.JSONField(default=list)
    founded_on = models.DateField(null=True)
    seed_group = models.ForeignKey("communities.Group", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    counted_from = models.DateField(null=True)
    counted_until = models.DateField(null=True)
    counted_founding = models.DateField(null=True)
    platform_people = models.PositiveIntegerField(default=0)
    platform_strangers = models.PositiveIntegerField(default=0)
    noted_people = models.PositiveIntegerField(default=0)
    hanging = models.JSONField(null=True)
    decided_on = models.DateField(null=True)
    begun_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"ladder of {self.community_id}"


class MemberSignals(models.Model):
    """What a member did for a community as last counted, and the score that follows; see ``insights/seeds``.

    ``platform`` is [how often, on how many days] for three windows, null where nothing is known of them there. ``rung`` is
    where they stand, ``toward`` which part of the next rung is met. ``notes`` are private talks that were noted, as they count.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()
    openings = models.PositiveIntegerField()
    answerers = models.PositiveIntegerField()
    helped = models.PositiveIntegerField()
    thanked = models.PositiveIntegerField()
    messages = models.PositiveIntegerField()
    said = models.PositiveIntegerField()
    platform = models.JSONField(null=True)
    score = models.FloatField()
    rung = models.CharField(max_length=16, blank=True)
    toward = models.FloatField(default=0)
    notes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "person"], name="signals_once")]
        indexes = [
            models.Index(fields=["community", "-score", "person"], name="signals_by_score"),
            models.Index(fields=["community", "-toward"], name="signals_by_toward"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.score:.1f}"


class Standing(models.Model):
    """The rung above the ordinary on which somebody stands in a community, and since which day.

    ``below`` says since which day (its ordinal) they are below what each rung takes, ``falls_on`` when they lose this one
    unless something happens.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    rung = models.CharField(max_length=16)
    since = models.DateField()
    below = models.JSONField(default=dict)
    falls_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "person"], name="standing_once")]
        indexes = [
            models.Index(fields=["community", "rung", "-since"], name="standing_by_rung"),
            models.Index(fields=["community", "falls_on"], name="standing_by_fall"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.rung}"


class Shortlist(models.Model):
    """People of a community whom we want to win as seed users."""

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Shortlisted(models.Model):
    """Somebody on a shortlist, since when, and until when."""

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shortlist", "person"], name="shortlisted_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.shortlist_id}"
