"""A report for programs: plain values, stable names; words in the language asked for."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation

from qunying.insights import words, words_of_layers
from qunying.insights.rendering import themes_as_json
from qunying.insights.rendering.blocks_of_peers import peers_as_plain
from qunying.insights.rendering.carrying_as_json import carrying_as_plain, dependency_as_plain
from qunying.insights.report import Report


def render_json(report: Report, language: str = "zh-hans") -> str:
    """One JSON object. Times are ISO 8601 in UTC, durations seconds, shares parts of one."""
    with translation.override(language):
        return json.dumps(as_plain(report), ensure_ascii=False, default=_plain)


def as_plain(report: Report) -> dict[str, Any]:
    """The report as dicts and lists, with its sentences in the active language."""
    return {
        "title": words.title(report),
        "headline": words.headline(report),
        "groups": report.groups,
        "community": report.community,
        "timezone": report.timezone,
        "from": report.since,
        "to": report.until,
        "made_at": report.made_at,
        "headcount": _headcount(report),
        "activity": _activity(report),
        "active_hours": {
            "by_weekday": report.heat,
            "peak": asdict(report.peak) | {"weekday": report.peak.weekday + 1} if report.peak else None,
            "words": words.peak(report),
        },
        "top": {
            "share": report.now.top_share,
            "by_three": report.now.by_three,
            "speakers": [asdict(speaker) for speaker in report.speakers],
        },
        "layers": None if report.now.is_by_nobody else _layers(report),
        "kept": asdict(report.kept) if report.kept else None,
        "dependency": None if report.now.is_by_nobody else dependency_as_plain(report.dependency),
        "seed_users": None if report.now.is_by_nobody else carrying_as_plain(report.carrying),
        "beside_its_kind": peers_as_plain(report.peers),
        "newcomers": asdict(report.newcomers),
        "talk": None if report.now.is_by_nobody else _talk(report),
        "themes": None if report.now.is_by_nobody else themes_as_json.as_plain(report.themes),
        "suggestions": [
            {"code": one.code, "text": words.suggestion(one), "numbers": dict(one.numbers)}
            for one in report.suggestions
        ],
    }


def _layers(report: Report) -> dict[str, Any]:
    """How many members stand in each layer, over the thirty days up to the end of the span."""
    counts = {str(layer): len(people) for layer, people in report.layers.people.items()}
    return {**counts, "never": report.layers.never, "words": words_of_layers.headline(report.layers)}


def _headcount(report: Report) -> dict[str, Any]:
    """Without senders nobody is silent for certain."""
    count = asdict(report.headcount) | {"joined_by": dict(report.headcount.joined_by)}
    unknown = {"members": report.members, "silent": None, "never": None}
    return count | unknown if report.now.is_by_nobody else count


def _activity(report: Report) -> dict[str, Any]:
    return {
        "messages": report.now.messages,
        "recalled": report.now.recalled,
        "speakers": report.now.heard,
        "messages_before": report.before.messages,
        "speakers_before": report.before.heard,
        "change": report.change,
        "by_day": [asdict(day) for day in report.days],
    }


def _talk(report: Report) -> dict[str, Any]:
    talks, size = report.talks, report.talks.size
    return {
        "conversations": len(talks.joined),
        "median_messages": size and size[0],
        "median_people": size and size[1],
        "openers": [asdict(one) for one in report.openers],
        "open_questions": len(talks.waiting),
        "waiting_longest": [asdict(one) for one in report.waiting],
        "is_cut": talks.is_cut,
        "unread": talks.unread,
        "unplaced": talks.unplaced,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} does not go into JSON")
