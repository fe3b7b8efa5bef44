"""Communities, their groups, accounts and staff; modes, settings, pauses; who of us may see what."""

from __future__ import annotations

from django.db import models

from qunying.kernel.scene import Mode


class Community(models.Model):
    """A topic, a promise to members, a purpose for the owner.

    ``strategy``: ``community`` grows first and the product follows, or ``product`` is there and gets a community.
    ``started_on``: its first day, where somebody knows better than the day it was written down here.
    ``leaving_since``: it is being removed, piece by piece; nobody sees it any more. ``has_rules``: there are rules in force
    that everybody must know, so that nobody has to look for them where there are none.
    """

    name = models.CharField(max_length=120)
    topic = models.CharField(max_length=200, blank=True)
    promise = models.CharField(max_length=500, blank=True)
    purpose = models.JSONField(default=list)
    strategy = models.CharField(max_length=16, default="community")
    started_on = models.DateField(null=True)
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    language = models.CharField(max_length=16, default="zh-hans")
    quiet_from = models.TimeField()
    quiet_to = models.TimeField()
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    leaving_since = models.DateTimeField(null=True)
    has_rules = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="community_name")]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """Our own account on a carrier: the one that listens and speaks. ``home`` is where new groups belong that it is in."""

    carrier = models.CharField(max_length=32)
    ref = models.CharField(max_length=128)
    name = models.CharField(max_length=120)
    is_online = models.BooleanField(default=True)
    online_since = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    home = models.ForeignKey(Community, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "ref"], name="account_ref")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """One chat group, forum board or offline meet-up: what the carrier calls it, and what we noted about it.

    ``tags`` are words with single spaces between them; ``noted_on`` is the date of the remark; ``rule_set`` is a name only.
    ``listed_at`` is when its platform last showed who sits in it.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    carrier = models.CharField(max_length=32)
    ref = models.CharField(max_length=128)
    kind = models.CharField(max_length=8, default="chat")
    carrier_name = models.CharField(max_length=200)
    remark = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=40, blank=True)
    industry = models.CharField(max_length=40, blank=True)
    company = models.CharField(max_length=80, blank=True, default="", db_default="")
    noted_on = models.DateField(null=True)
    note = models.CharField(max_length=1000, blank=True, default="", db_default="")
    tags = models.CharField(max_length=400, blank=True, default="", db_default="")
    importance = models.PositiveSmallIntegerField(default=0, db_default=0)
    weight = models.PositiveSmallIntegerField(default=50)
    capacity = models.PositiveIntegerField(default=500)
    rule_set = models.CharField(max_length=60, blank=True, default="", db_default="")
    is_folded = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "ref"], name="group_ref")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """Our remark where there is one, else the carrier's name."""
        return self.remark or self.carrier_name


class Staff(models.Model):
    """One line of the official roster of a community. ``user`` is their sign-in, where they have one."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    carrier = models.CharField(max_length=32)
    ref = models.CharField(max_length=128)
    name = models.CharField(max_length=120)
    duty = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "carrier", "ref"], name="staff_ref")]

    def __str__(self) -> str:
        return self.name


class GroupKeeper(models.Model):
    """Somebody of our staff who looks after a group: its owner, of whom there is one at most, or a deputy."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    is_owner = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "staff"], name="keeper_once"),
            models.UniqueConstraint(fields=["group"], condition=models.Q(is_owner=True), name="owner_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} keeps {self.group_id}"


class GroupLink(models.Model):
    """``after`` goes on with the history of ``before`` from ``since`` on: replaced, refilled, merged into it or split off."""

    before = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    since = models.DateTimeField()
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="group_link_once")]

    def __str__(self) -> str:
        return f"{self.before_id} {self.kind} {self.after_id}"


class BulkEdit(models.Model):
    """What one edit of many groups changed: per change the group, the field, what stood there and what stands there now."""

    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    changes = models.JSONField(default=list)
    groups = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.groups} groups at {self.at}"


class CapabilityChoice(models.Model):
    """What a community (``group`` empty) or a group chose for one capability: its mode, its settings."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="+")
    capability = models.CharField(max_length=32)
    mode = models.CharField(max_length=8, blank=True, choices=[(mode.value, mode.value) for mode in Mode])
    settings = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "group", "capability"], name="choice_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.capability} {self.mode}"


class Pause(models.Model):
    """A stop switch that is on: nothing goes out for this community, or (``community`` empty) for anybody."""

    community = models.ForeignKey(Community, null=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"paused since {self.since}"


class Grant(models.Model):
    """A sign-in's role, everywhere or in one community."""

    user = models.ForeignKey("auth.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16)
    community = models.ForeignKey(Community, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "community"], name="grant_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.role


class ChainLink(models.Model):
    """One link of a community's operating chain: what people do there, and how it is counted.

    ``count_by`` and ``unit`` are codes of ``chains.py``. ``is_ours``: here is the community itself. A link that was taken
    out keeps its row, because its numbers hang on it and somebody may take that back.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=40, blank=True)
    count_by = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=8, default="people")
    is_ours = models.BooleanField(default=False)
    is_removed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name or self.kind


class ChainVersion(models.Model):
    """How a chain was before a change, so that the change can be taken back."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    links = models.JSONField(default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{len(self.links)} links before {self.at}"


class Tally(models.Model):
    """A number that somebody brought from outside: how many on one day, in one ``series`` (a link, a score, a cost).

    From a file (``key`` empty) there is one a day, and the file's latest word counts; from another program every telling has
    its ``key`` and they add up.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", db_index=False)
    series = models.CharField(max_length=40)
    day = models.DateField()
    key = models.CharField(max_length=160, blank=True)
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "series", "day", "key"], name="tally_once"),
            models.UniqueConstraint(fields=["community", "key"], condition=~models.Q(key=""), name="tally_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.day} {self.value}"


class HookToken(models.Model):
    """What another program must know to tell numbers of a community: only its digest is kept."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="+", primary_key=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"made at {self.made_at}"


class Target(models.Model):
    """What a KPI shall be in ``days`` days; ``before`` is what it was meant to be before somebody changed it."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    kpi = models.CharField(max_length=40)
    days = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    before = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "kpi", "days"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.value}"


class StageChoice(models.Model):
    """Somebody said in which stage of its life a community is; the newest that was not taken back counts.

    ``proposed`` is what the numbers said at that moment.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12)
    proposed = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.stage


class StageTick(models.Model):
    """Somebody ticked an item of a stage's checklist that no number can tick."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12)
    item = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "stage", "item"], name="stage_tick_once")]

    def __str__(self) -> str:
        return self.item


class Rule(models.Model):
    """A rule of a community. Its words are its versions; ``version`` is the one in force.

    ``meaning`` is the version since which it means what it means now, ``meant_at`` its moment: who knew the rule then need not
    be told anew. ``deadline_on`` is the last day on which it matters, ``deadline`` what ends then.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField()
    is_important = models.BooleanField(default=False)
    deadline = models.CharField(max_length=40, blank=True)
    deadline_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    meaning = models.PositiveIntegerField(default=1)
    meant_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="rule_name_once", condition=models.Q(dropped_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """The words of a rule from ``at`` on, who wrote them and why; ``is_same_meaning``: only the wording changed."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    why = models.CharField(max_length=200, blank=True)
    is_same_meaning = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.number}"
