"""Themes of talk for programs."""

from __future__ import annotations

from typing import Any

from qunying.insights import words_of_themes
from qunying.insights.talks import Saying
from qunying.insights.themes import Stories, Story


def as_plain(stories: Stories) -> dict[str, Any]:
    """Plain values; times are ISO 8601 in UTC. ``themes`` is None where nobody has looked yet."""
    told = stories.told
    return {
        "headline": words_of_themes.headline(stories),
        "until": told.until and told.until.isoformat(),
        "timezone": stories.timezone,
        "messages": told.lines,
        "one_in": told.one_in,
        "unread": told.unread,
        "is_behind": told.is_behind,
        "themes": [_theme(one) for one in stories.stories] if stories.is_known else None,
    }


def _theme(one: Story) -> dict[str, Any]:
    theme = one.theme
    figures = ("voices", "before", "expected", "ratio", "low", "high", "lately", "lately_expected", "people", "groups")
    return {
        "id": theme.id,
        "title": theme.title,
        "trend": str(theme.trend),
        "first_on": theme.first_on.isoformat(),
        "day": theme.day.isoformat(),
        "words": words_of_themes.moved(theme),
        "messages": theme.lines,
        "conversations": theme.threads,
        **{name: getattr(theme, name) for name in figures},
        "quotes": [_saying(quote) for quote in one.quotes],
        "open_questions": theme.open,
        "waiting": [_saying(asked) for asked in one.waiting],
    }


def _saying(one: Saying) -> dict[str, Any]:
    return {
        "group": one.group,
        "message_id": one.message_id,
        "person_id": one.person_id,
        "name": one.name,
        "at": one.at.isoformat(),
        "words": one.words,
    }
