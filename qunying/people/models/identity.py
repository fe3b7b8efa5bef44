"""Which accounts are one person and who says so; what people told us in private, and what they agreed to."""

from __future__ import annotations

from django.db import models

from qunying.people.models.seated import Identity


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
