"""Communities, their groups, accounts and staff; modes, settings, pauses; who of us may see what."""

from __future__ import annotations

from django.db import models

from qunying.kernel.scene import Mode


class Community(models.Model):
    """A topic, a promise to members, a purpose for the owner.

    ``leaving_since``: it is being removed, piece by piece; nobody sees it any more.
    """

    name = models.CharField(max_length=120)
    topic = models.CharField(max_length=200, blank=True)
    promise = models.CharField(max_length=500, blank=True)
    purpose = models.JSONField(default=list)
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    language = models.CharField(max_length=16, default="zh-hans")
    quiet_from = models.TimeField()
    quiet_to = models.TimeField()
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    leaving_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="community_name")]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """Our own account on a carrier: the one that listens and speaks."""

    carrier = models.CharField(max_length=32)
    ref = models.CharField(max_length=128)
    name = models.CharField(max_length=120)
    is_online = models.BooleanField(default=True)
    online_since = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "ref"], name="account_ref")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """One chat group: what the carrier calls it, and what we noted about it.

    ``tags`` are words with single spaces between them; ``noted_on`` is the date of the remark; ``rule_set`` is a name only.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    carrier = models.CharField(max_length=32)
    ref = models.CharField(max_length=128)
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
