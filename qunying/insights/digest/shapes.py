"""What a digest can become; see ``rendering/shapes.py``."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from django.utils import translation

from qunying.insights.digest import words
from qunying.insights.digest.blocks import blocks_of_book, blocks_of_card, blocks_of_digest
from qunying.insights.digest.blocks_beside import beside_as_plain
from qunying.insights.digest.telling import Digest, GroupLine, Sums
from qunying.insights.rendering.laying import markdown_of

TAKEN = ("png", "pdf", "xlsx", "md", "json")
_DRAWING = "qunying.insights.rendering.as_{}"


def render_digest(digest: Digest, shape: str, language: str) -> bytes:
    """The digest as a file of one of the shapes in ``TAKEN``. Raises ``QunyingError`` where no font here draws Chinese."""
    with translation.override(language):
        match shape:
            case "json":
                return json.dumps(as_plain(digest), ensure_ascii=False).encode()
            case "md":
                return markdown_of(blocks_of_digest(digest)).encode()
            case "png":
                picture: bytes = import_module(_DRAWING.format(shape)).picture_of(blocks_of_card(digest))
                return picture
            case "pdf":
                module, title = import_module(_DRAWING.format(shape)), f"{digest.community} {words.span(digest)}"
                document: bytes = module.document_of(blocks_of_digest(digest), title, language, digest.made_at)
                return document
            case "xlsx":
                book: bytes = import_module(_DRAWING.format(shape)).workbook_of(blocks_of_book(digest))
                return book
            case _:
                raise ValueError(shape)


def as_plain(digest: Digest) -> dict[str, Any]:
    """The digest as dicts and lists, with its sentences in the active language."""
    return {
        "community": digest.community,
        "period": digest.period.value,
        "from": digest.dates.first.isoformat(),
        "to": digest.dates.last.isoformat(),
        "until": digest.until.isoformat(),
        "timezone": digest.timezone,
        "made_at": digest.made_at.isoformat(),
        "headline": words.headline(digest),
        "members": digest.members,
        "now": _sums(digest.now),
        "before": _before(digest),
        "change": digest.change,
        "by_day": {day.isoformat(): count for day, count in digest.by_day.items()},
        "by_hour": digest.hours,
        "groups": [_line(one) for one in digest.groups],
        "openers": [
            {"name": one.name, "conversations": one.talks, "joined_by": one.joined_by} for one in digest.openers
        ],
        "open_questions": len(digest.talks.waiting),
        "waiting_longest": [
            {"name": one.name, "group": one.group, "at": one.at.isoformat(), "words": one.words}
            for one in digest.waiting
        ],
        "kept": {
            "next_week": digest.kept.next_week,
            "counted": digest.kept.counted,
            "cohorts": [
                {"week_of": one.monday.isoformat(), "came": one.came, "back": one.back} for one in digest.kept.cohorts
            ],
        },
        **beside_as_plain(digest),
        "work": {"open": digest.work.open, "done": digest.work.done, "undone": digest.work.undone},
        "next": words.next_steps(digest),
    }


def _before(digest: Digest) -> dict[str, Any] | None:
    """What it is compared with; nothing while it is not over."""
    if digest.before is None:
        return None
    dates = digest.dates_before
    return _sums(digest.before) | {"from": dates.first.isoformat(), "to": dates.last.isoformat()}


def _sums(sums: Sums) -> dict[str, Any]:
    return {"messages": sums.messages, "speakers": sums.speakers, "joined": sums.joined, "left": sums.gone}


def _line(one: GroupLine) -> dict[str, Any]:
    return {
        "group": one.name,
        "messages": one.messages,
        "before": one.before,
        "change": one.change,
        "joined": one.joined,
        "left": one.gone,
    }
