"""A short word after an act, with a way back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

UNDO = "undo:"


def toast(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Show ``text`` on the next page or part; with ``undo_url`` beside it a button that posts there."""
    messages.info(request, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_url(message: Message) -> str:
    """Where the toast's «撤销» posts to; empty when it has none."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
