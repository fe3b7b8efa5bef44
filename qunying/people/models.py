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
            # few are more than members, and segments ask who they are
            models.Index(fields=["role"], name="seat_by_odd_role", condition=~models.Q(role="member")),
            # few have left, and they lie anywhere: to count them must not read everybody
            models.Index(
                fields=["first_spoke_at", "-joined_at"], name="roll_of_left", condition=models.Q(is_present=False)
            ),
        ]

    def __str__(self) -> str:
        return self.card


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

    ``batch`` is what was given in one go, so that it can be undone. Rows stay: what has ended is history.
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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "person_id"], name="tagging_once", condition=models.Q(taken_at=None))
        ]
        indexes = [
            models.Index(fields=["person_id"], name="tagging_by_person"),
            models.Index(fields=["batch"], name="tagging_by_batch"),
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

    class Meta:
        # what segments ask of everybody at once; many cards say nothing there
        indexes = [
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
