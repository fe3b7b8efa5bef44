"""What was said."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """One message in a group. ``source_key`` is the platform's id, or a stable hash for files that have none.

    Rows are written in bulk (``talk/actions.py``), so there are no per-row signals to lean on.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    sender = models.ForeignKey(
        "people.Identity", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    source_key = models.CharField(max_length=160)
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    reply_to = models.CharField(max_length=160, blank=True)
    quote = models.TextField(blank=True)
    mentions = models.JSONField(default=list)
    media = models.JSONField(default=list)
    edited_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    is_own = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "source_key"], name="message_once")]
        indexes = [
            models.Index(fields=["group", "at"], name="message_by_time"),
            models.Index(fields=["sender", "at"], name="message_by_sender"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Whisper(models.Model):
    """A private message to or from the community's own account; never a member's chat with anybody else."""

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+")
    source_key = models.CharField(max_length=160)
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    is_own = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "identity", "source_key"], name="whisper_once")]

    def __str__(self) -> str:
        return self.text[:40]


class Revision(models.Model):
    """A message changed after it was kept: what it said before, or that it was withdrawn. The lake reads these too."""

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=8)  # "edit" or "recall"
    before = models.TextField(blank=True)
    by = models.ForeignKey("people.Identity", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.kind


class Judge(models.Model):
    """A version of the judges that read something."""

    version = models.CharField(max_length=16, unique=True)

    def __str__(self) -> str:
        return self.version


class MessageReading(models.Model):
    """What the judges said of a message as it is now: see ``kernel.readings.Reading``."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE, related_name="+")
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="+", db_index=False)
    holds = models.PositiveSmallIntegerField()
    scores = models.BinaryField(max_length=16)

    def __str__(self) -> str:
        return f"{self.message_id} {self.holds:b}"


class MessagePlace(models.Model):
    """Where a message stands in the talk of its group: the thread it belongs to and the message it answers, if any.

    Given once, by ``talk/placing.py``. A thread is named by the id of its first line, which may be gone since.
    """

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE, related_name="+")
    thread = models.BigIntegerField()
    answers = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["thread"], name="place_by_thread")]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.thread}"


class Thread(models.Model):
    """A thread of talk as it stands, without what was withdrawn; follows from the places of its messages.

    ``opener`` is the message it begins with, ``starter`` who wrote that (None: our own account). ``speakers`` are identities,
    whoever came first first, 0 for our own account; where more than fifty speak, ``people`` still counts them all.
    """

    id = models.BigIntegerField(primary_key=True)
    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+", db_index=False)
    opener = models.BigIntegerField()
    starter = models.ForeignKey(
        "people.Identity", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    messages = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    speakers = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["group", "begun_at"], name="thread_by_group"),
            models.Index(fields=["community", "begun_at"], name="thread_by_community"),
            models.Index(fields=["starter", "begun_at"], name="thread_by_starter"),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.messages}"


class PlaceCursor(models.Model):
    """Every message up to the id ``position`` has been put into its thread; one row."""

    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.position)


class Correction(models.Model):
    """Somebody of us says of a message that a verdict is so, or is not; it counts until it is taken back.

    ``text`` are the words that were corrected. They go when the message goes.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    verdict = models.CharField(max_length=16)
    is_so = models.BooleanField()
    text = models.TextField(blank=True)
    reviewer = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "verdict", "reviewer"],
                name="correction_once",
                condition=models.Q(taken_back_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(message__isnull=False) | models.Q(text=""), name="correction_words_go_with_message"
            ),
        ]
        indexes = [models.Index(fields=["community", "id"], name="correction_by_community")]

    def __str__(self) -> str:
        return f"{self.verdict} {self.is_so}"


class Theme(models.Model):
    """Something that a group, or with no group its community, talks about: the same row as long as it is the same theme.

    It holds no words: ``terms`` are numbers made of them, the title is a part of a message (``title_phrase`` is the number of
    its words). What becomes of the message becomes of the title.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey(
        "communities.Group", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    terms = models.JSONField()
    title_phrase = models.BigIntegerField()
    title_message = models.BigIntegerField()
    title_start = models.PositiveIntegerField()
    title_end = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    is_open = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["community", "group", "last_on"], name="theme_by_scope")]

    def __str__(self) -> str:
        return f"{self.pk} {self.first_on}"


class ThemeDay(models.Model):
    """A theme as of one local day: the week up to its end, or up to when it was last looked at, beside the four before.

    The figures from ``voices`` to ``lately_expected`` are as of ``judgement.themes.Moved``; ``quotes`` and
    ``waiting`` (open questions) are messages, ``waiting`` the first of ``open``.
    """

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    place = models.PositiveSmallIntegerField()
    trend = models.CharField(max_length=8)
    lines = models.PositiveIntegerField()
    threads = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    groups = models.PositiveIntegerField()
    voices = models.PositiveIntegerField()
    before = models.PositiveIntegerField()
    expected = models.FloatField(null=True)
    ratio = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    lately = models.PositiveIntegerField(default=0)
    lately_expected = models.FloatField(null=True)
    quotes = models.JSONField(default=list)
    waiting = models.JSONField(default=list)
    open = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "day"], name="theme_day_once")]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.day}"


class ThemeScope(models.Model):
    """How far the themes of a group, or with no group of its community, have been told.

    ``told_on`` is the last day looked at, ``told_until`` where its week ends; ``looked_at`` when that was. Looked at were the conversations whose
    id ``one_in`` divides, with so many ``lines`` in the week, of which nobody has judged ``unread``. ``is_due``: there is more
    to look at.
    """

    community = models.ForeignKey("communities.Community", on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.OneToOneField("communities.Group", null=True, on_delete=models.CASCADE, related_name="+")
    is_due = models.BooleanField(default=True)
    told_on = models.DateField(null=True)
    told_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    one_in = models.PositiveIntegerField(default=1)
    waits = models.PositiveSmallIntegerField(default=0)
    is_behind = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"], name="theme_scope_of_community", condition=models.Q(group=None)
            )
        ]
        indexes = [models.Index(fields=["is_due", "looked_at"], name="theme_scope_due")]

    def __str__(self) -> str:
        return f"{self.community_id}/{self.group_id} {self.told_until}"
