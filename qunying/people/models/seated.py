"""Persons, the accounts they use, the groups they sit in, and what their cards say there."""

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
            # few are more than members, and segments ask who they are
            models.Index(fields=["role"], name="seat_by_odd_role", condition=~models.Q(role="member")),
            # few have left, and they lie anywhere: to count them must not read everybody
            models.Index(
                fields=["first_spoke_at", "-joined_at"], name="roll_of_left", condition=models.Q(is_present=False)
            ),
        ]

    def __str__(self) -> str:
        return self.card


class LeaveReason(models.Model):
    """Somebody of us, or a table, says why a member left a group at ``left_at``; it counts until it is taken back.

    ``reason`` is one of ``leaving.REASONS``, ``words`` what was said beside it. ``was_removed``: somebody removed them.
    ``source`` is the table's name, empty where it was written by hand.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    left_at = models.DateTimeField(null=True)
    was_removed = models.BooleanField()
    reason = models.CharField(max_length=16)
    words = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "left_at"],
                name="leave_reason_once",
                condition=models.Q(taken_back_at=None),
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["community", "left_at"], name="leave_reason_by_time")]

    def __str__(self) -> str:
        return self.reason


class Card(models.Model):
    """What a membership's card says, field by field, empty where it does not: as read, or as one of us corrected it.

    ``text`` is what was read: the group card, the shown name where there is none. ``confidence`` has a number for every
    field that is there, ``corrected`` names those that a person wrote. ``words`` are what the index has for them beside
    name and card.
    """

    membership = models.OneToOneField(Membership, primary_key=True, on_delete=models.CASCADE, related_name="read")
    text = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    job = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    group_no = models.CharField(max_length=8, blank=True)
    confidence = models.JSONField(default=dict)
    corrected = models.JSONField(default=list)
    words = models.TextField(blank=True)
    is_compared = models.BooleanField(default=False, db_default=False)  # with others' cards, see ``alike.py``

    class Meta:
        # what segments ask of everybody at once, where many cards say nothing; and those nobody has compared yet
        indexes = [
            models.Index(fields=["membership"], name="card_uncompared", condition=models.Q(is_compared=False)),
            models.Index(fields=["city"], name="card_by_city", condition=~models.Q(city="")),
            models.Index(fields=["industry"], name="card_by_industry", condition=~models.Q(industry="")),
            models.Index(fields=["company"], name="card_by_company", condition=~models.Q(company="")),
            models.Index(fields=["job"], name="card_by_job", condition=~models.Q(job="")),
        ]

    def __str__(self) -> str:
        return self.text


class CardCorrection(models.Model):
    """One of us says what a field of a membership's card is (empty: it says nothing); it counts until it is taken back."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=16)
    value = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "field"],
                name="card_correction_once",
                condition=models.Q(taken_back_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"


class CardCursor(models.Model):
    """The cards of every membership up to the id ``position`` have been read; one row."""

    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.position)
