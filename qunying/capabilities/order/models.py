"""What order remembers between batches: traces without words, and the steps it took."""

from __future__ import annotations

from django.db import models


class OrderTrace(models.Model):
    """A ``knowing.Trace``, kept for some days. Numbers only: ``marks``, ``sketch`` and ``looks`` are hashes."""

    key = models.CharField(max_length=255)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8)
    score = models.FloatField(default=0.0)
    marks = models.JSONField(default=list)
    sketch = models.JSONField(default=list)
    is_new = models.BooleanField(default=False)
    looks = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["community", "at"], name="trace_by_community"),
            models.Index(fields=["identity"], name="trace_by_identity"),
            models.Index(fields=["at"], name="trace_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"


class StepTaken(models.Model):
    """A step of a ladder against somebody (``knowing.Sanction``): because of which event, by which rule, until when it counts.

    Whether it was done is told by the effects of its ``cause_key``. ``lifted_at``: somebody took it back, and why.
    """

    cause_key = models.CharField(max_length=200)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(max_length=32)
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause_key", "identity"], name="step_once")]
        indexes = [
            models.Index(fields=["identity", "community"], name="step_by_identity"),
            models.Index(fields=["community", "-at"], name="step_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.step}"


class WordList(models.Model):
    """A list of words with what is to be done about them. ``groups`` are those it is for, none means all of its community.

    ``words`` is a table as ``judgement.patterns.lists`` reads it, ``words_before`` what it was before the last change. ``stamp`` names these very words: whoever has
    made them ready need not look again as long as it stands.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=80)
    does = models.CharField(max_length=8)
    groups = models.JSONField(default=list)
    words = models.TextField(blank=True)
    words_before = models.TextField(blank=True)
    size = models.PositiveIntegerField(default=0)
    stamp = models.CharField(max_length=16)
    is_on = models.BooleanField(default=False)
    on_since = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "title"], name="wordlist_once")]

    def __str__(self) -> str:
        return self.title


class WordFound(models.Model):
    """How often a word of a list was found, and when last; words that never were have no row."""

    wordlist = models.ForeignKey(WordList, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=200)
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wordlist", "word"], name="wordfound_once")]

    def __str__(self) -> str:
        return f"{self.word} {self.times}"
