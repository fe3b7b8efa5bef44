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


class Merge(models.Model):
    """Two accounts are one human being, for the reason ``code``; counts until it is taken back. See ``merging.py``.

    ``shared`` is what showed it (a phone, what both cards say), empty where somebody simply knew. ``source`` says where
    that came from. ``by`` is None where a file brought it. ``is_confirmed``: it looked like two people and somebody insisted.
    """

    one = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=16)
    score = models.FloatField()
    shared = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    is_confirmed = models.BooleanField(default=False)
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="merge_in_order"),
            models.UniqueConstraint(fields=["one", "other"], name="merge_once", condition=models.Q(undone_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} = {self.other_id}"


class Apart(models.Model):
    """Somebody of us says that two accounts are two people; counts until it is taken back, and no merge may join them."""

    one = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="apart_in_order"),
            models.UniqueConstraint(fields=["one", "other"], name="apart_once", condition=models.Q(undone_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class Trait(models.Model):
    """Something an account has that another account of the same human being would have too: see ``traits.py``.

    ``value`` is written the same way however people write it. ``beside`` is what helps to doubt: the city beside a card,
    the name beside a phone. ``source`` is empty for what a card says, else who vouches for it.
    """

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=300)
    beside = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identity", "kind", "value", "source"], name="trait_once"),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="trait_by_value")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Alike(models.Model):
    """Two accounts that may be one human being: why, how likely. ``later_until``: somebody wants to look at it then."""

    one = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=8)
    score = models.FloatField()
    shared = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    later_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="alike_in_order"),
            models.UniqueConstraint(fields=["one", "other"], name="alike_once"),
        ]
        indexes = [models.Index(fields=["-score", "id"], name="alike_by_score")]

    def __str__(self) -> str:
        return f"{self.one_id} ≈ {self.other_id}"


class Note(models.Model):
    """What one of us talked about with somebody in private. Written once; who knows better writes another one."""

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.TextField()
    talked_at = models.DateTimeField()
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["identity", "talked_at"], name="note_by_identity")]

    def __str__(self) -> str:
        return self.text[:40]


class Consent(models.Model):
    """Somebody agreed to something, or did not, at a moment; of several words about the same the latest counts.

    ``what`` is a key of ``notes.CONSENTS``, ``source`` where they said so.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=16)
    is_given = models.BooleanField()
    source = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["identity", "at"], name="consent_by_identity")]

    def __str__(self) -> str:
        return f"{self.what} {self.is_given}"


class CardCursor(models.Model):
    """The cards of every membership up to the id ``position`` have been read; one row."""

    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.position)


class Ladder(models.Model):
    """How a community finds the people who carry it: weights of the ranking and rungs as somebody changed them (empty: as
    built in), the day it was founded (None: the first day of its record), the group of its seed users.

    ``asked_at``: somebody wants it counted anew. ``counted_until`` is the local day up to which was counted, ``decided_on``
    the one on which it was last decided who stands where, ``begun_on`` the first of those.
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
    decided_on = models.DateField(null=True)
    begun_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"ladder of {self.community_id}"


class MemberSignals(models.Model):
    """What a member did for a community as last counted, and the score that follows; see ``insights/seeds``.

    ``platform`` is [how often, on how many days] for three windows, null where nothing is known of them there. ``rung`` is
    where they stand, ``toward`` which part of the next rung is met.
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
