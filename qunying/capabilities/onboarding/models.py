"""Who came, and whether they were welcomed."""

from __future__ import annotations

from django.db import models


class Newcomer(models.Model):
    """Somebody in a group as the welcome sees them. One row for ever: nobody is welcomed twice in a group."""

    group = models.ForeignKey("communities.Group", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey("people.Identity", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8)  # waiting, greeted, left
    name = models.CharField(max_length=200, blank=True)  # to welcome them by; empty once that is over
    joined_at = models.DateTimeField()
    greeted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "identity"], name="newcomer_once")]
        indexes = [
            models.Index(fields=["group"], name="newcomer_waiting", condition=models.Q(state="waiting")),
            # with the state, so that counting them reads no row
            models.Index(
                fields=["greeted_at", "state", "group"],
                name="newcomer_was_greeted",
                condition=models.Q(greeted_at__isnull=False),
            ),
            models.Index(fields=["joined_at"], name="newcomer_left", condition=models.Q(state="left")),
        ]

    def __str__(self) -> str:
        return self.state
