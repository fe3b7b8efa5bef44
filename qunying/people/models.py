"""Persons, the accounts they use, the groups they sit in."""

from __future__ import annotations

from django.db import models


class Person(models.Model):
    """A human being across groups and carriers. Born with their first identity, whose id it takes."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """One carrier account of a person. ``ref`` is the platform's; for files without ids ``<group>:<display name>``."""

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=32)
    ref = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    is_bot = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "ref"], name="identity_ref")]
        # the few that counting looks up one by one: programs, and whoever turned out to be somebody known
        indexes = [
            models.Index(fields=["id"], name="identity_program", condition=models.Q(is_bot=True)),
            models.Index(fields=["id"], name="identity_merged", condition=~models.Q(person=models.F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An identity in a group: since when, brought by whom, under which card, until when; and how much they said there."""

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    card = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16, default="member")
    is_present = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=64, blank=True)
    inviter = models.ForeignKey(Identity, null=True, on_delete=models.SET_NULL, related_name="+")
    messages = models.PositiveIntegerField(default=0)
    first_spoke_at = models.DateTimeField(null=True)
    last_spoke_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "identity"], name="membership_once")]
        # lists over half a million members walk along an index, everywhere or in one community; see ``roll.py``
        indexes = [
            models.Index(fields=["group", "is_present", "-messages"], name="membership_by_talk"),
            models.Index(fields=["-messages"], name="roll_by_talk"),
            models.Index(fields=["-joined_at"], name="roll_by_joining"),
            models.Index(fields=["-last_spoke_at"], name="roll_by_last_word"),
            models.Index(fields=["community", "-messages"], name="home_by_talk"),
            models.Index(fields=["community", "-joined_at"], name="home_by_joining"),
            models.Index(fields=["community", "-last_spoke_at"], name="home_by_last_word"),
            # few have left, and they lie anywhere: to count them must not read everybody
            models.Index(
                fields=["first_spoke_at", "-joined_at"], name="roll_of_left", condition=models.Q(is_present=False)
            ),
        ]

    def __str__(self) -> str:
        return self.card
