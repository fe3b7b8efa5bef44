"""The import of the past: what is being read in, how far it came, what was left out."""

from __future__ import annotations

from django.db import models


class ImportRun(models.Model):
    """One import of one or several files into one group (or, for exports of several chats, a family of groups).

    ``position`` counts the records that are kept, over all files: a run that was interrupted goes on after them.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    group_name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    paths = models.JSONField(default=list)
    is_upload = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)
    choices = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")  # waiting running paused done failed dropped
    error = models.TextField(blank=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    tally = models.JSONField(default=dict)
    files = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["fingerprint", "state"], name="import_again"),
            models.Index(fields=["state", "id"], name="import_by_state"),
        ]

    def __str__(self) -> str:
        return self.title


class Unread(models.Model):
    """A group with messages that the judges have yet to read, up to where they came: an import leaves one behind.

    ``queued_at`` tells one queueing from a later one, so that what is queued meanwhile is not taken for done.
    """

    group = models.OneToOneField("communities.Group", primary_key=True, on_delete=models.CASCADE, related_name="+")
    queued_at = models.DateTimeField()
    after = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"group {self.group_id} after {self.after}"


class SkippedLine(models.Model):
    """Something of an import that could not be read, with its place: at most ``KEPT`` per run, all are counted."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    file = models.CharField(max_length=200)
    place = models.BigIntegerField()
    reason = models.CharField(max_length=32)
    sample = models.CharField(max_length=240, blank=True)

    def __str__(self) -> str:
        return f"{self.file}:{self.place} {self.reason}"


class Rehearsal(models.Model):
    """A rule that somebody wants told over the past of some groups, and what came of it.

    ``rule`` are settings of the ``capability``. ``result`` names messages and people by their numbers only: whose words are
    erased are not kept here.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    capability = models.CharField(max_length=32)
    title = models.CharField(max_length=120)
    rule = models.JSONField(default=dict)
    groups = models.JSONField(default=list)
    days = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")  # waiting running done failed dropped
    leased_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)  # by whoever asked for it, once it had ended
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="rehearsal_by_state"),
            models.Index(fields=["community", "-id"], name="rehearsal_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.state}"
