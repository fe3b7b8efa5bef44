"""``qunying themes SCOPE``: what a group or a community talks about this week, with quotes, and what has come up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from qunying.communities.queries import CountedGroup, find_community_by_name
from qunying.insights import words_of_themes
from qunying.insights.asking import find_groups, latest_span, span_asked
from qunying.insights.rendering.themes_as_json import as_plain
from qunying.insights.themes import Stories, read_themes
from qunying.kernel import clock
from qunying.pipeline.past.reading import do_queue, do_read_all
from qunying.runners.language import LANGUAGES, terminal_language
from qunying.talk.placing import do_place_new
from qunying.talk.readings import count_unread
from qunying.talk.theming import do_look_at_all


class Command(BaseCommand):
    """Exit code 2 for an unknown group, community or day."""

    help = "What is talked about, and what has come up."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scope", metavar="SCOPE", help="a group's or a community's name")
        parser.add_argument("--to", dest="until", default="", metavar="DAY", help="the week up to that day")
        parser.add_argument("--language", default="", choices=LANGUAGES, help="of the words; default: the terminal's")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Looks first at what nobody has looked at, so that what was just imported is told."""
        now, name = clock.now(), options["scope"]
        groups = _groups(name)
        until = span_asked("", options["until"], groups, latest_span(groups, now))[1] if options["until"] else None
        _do_look([group.id for group in groups], now)
        stories = read_themes(groups, until)
        with translation.override(options["language"] or terminal_language()):
            if options["json"]:
                self.stdout.write(json.dumps({"scope": name, **as_plain(stories)}, ensure_ascii=False))
                return
            self._tell(stories)

    def _tell(self, stories: Stories) -> None:
        self.stdout.write(words_of_themes.headline(stories))
        told = " · ".join(filter(None, [words_of_themes.week(stories), words_of_themes.looked_at(stories)]))
        if told:
            self.stdout.write(told)
        for one in stories.stories:
            about = (
                words_of_themes.name(one.theme.trend),
                words_of_themes.size(one.theme),
                words_of_themes.moved(one.theme),
            )
            self.stdout.write(f"\n{_plain(one.theme.title)} — {' · '.join(about)}")
            for quote in one.quotes:
                self.stdout.write(f"    {_plain(quote.name)}: {_plain(quote.words)}")
            for asked in one.waiting:
                self.stdout.write(f"  ? {_plain(asked.name)}: {_plain(asked.words)}")


def _plain(text: str) -> str:
    """Without what would control a terminal."""
    return "".join(letter for letter in text if letter.isprintable())


def _groups(name: str) -> Sequence[CountedGroup]:
    """A community of that name goes before a group: with one group only they are told alike."""
    return find_groups(None, name) if find_community_by_name(name) is not None else find_groups(name)


def _do_look(group_ids: list[int], now: datetime) -> None:
    do_place_new()
    if count_unread(group_ids):
        do_queue(group_ids, now)
        do_read_all(group_ids)
    do_look_at_all(group_ids, now)
