"""``qunying people QUERY``: people by anything on their group cards, in any group: where they sit, what their cards say, who of us knows them. ``--link FILE`` joins accounts of one person."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.communities.queries import (
    GroupInfo,
    infos_of_groups,
    list_community_names,
    list_leaving_communities,
    list_staying_communities,
)
from qunying.insights.asking import find_groups
from qunying.judgement.cards import FIELDS
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.asked import read_terms
from qunying.people.cards import Field, do_read_new
from qunying.people.finding import FoundPerson, FoundSeat, Where, search_people
from qunying.pipeline.past.links import REASONS, LinkWish, do_link_table
from qunying.runners.language import told_text
from qunying.talk.knowing import Knowing, who_knows

AT_MOST = 500


class Command(BaseCommand):
    """Exit code 2 for an empty query, for an unknown group or community, and for a table that cannot be read."""

    help = "Find people by anything on their group cards; join accounts of one person."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", nargs="*", help="上海 CTO, shcto, 胡先生 …; every word must fit")
        parser.add_argument("--group", help="only members of this group")
        parser.add_argument("--community", help="only members of this community")
        parser.add_argument(
            "--limit", type=_limit, default=20, help=f"at most so many people; default 20, up to {AT_MOST}"
        )
        parser.add_argument(
            "--link", type=Path, metavar="FILE", help="join accounts: a table of account and union id, phone or email"
        )
        parser.add_argument("--source", default="", help="of a table of a shop's customers: the shop, with --community")
        parser.add_argument("--carrier", default="", help="of a table: the platform of its accounts, e.g. qq")
        parser.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN", help="of a table")
        parser.add_argument("--dry-run", action="store_true", help="read the table and look accounts up, join nobody")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads what nobody has read yet, so that what was just imported is found; or joins accounts as a table says."""
        if options["link"] is not None:
            self._do_link(options)
            return
        query = " ".join(options["query"])
        if not read_terms(query):
            raise BadUse(mark("要找谁？写名字、群名片里的任何一段，或者首字母"))
        where = _where(options["group"], options["community"])
        do_read_new()
        found = search_people(query, where, limit=options["limit"] + 1)
        people, is_more = found[: options["limit"]], len(found) > options["limit"]
        rows = _Telling.of(people, where).rows(people)
        if options["json"]:
            self.stdout.write(json.dumps({"query": query, "people": rows, "is_more": is_more}, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(_line(row))
        if not rows:
            self.stdout.write(told_text(mark("没有找到")))
        elif is_more:
            self.stdout.write(told_text(mark("还有别人：加一个词，或者把 --limit 调大")))

    def _do_link(self, options: dict[str, Any]) -> None:
        if options["query"]:
            raise BadUse(mark("--link 和要找的词不能一起写"))
        wish = LinkWish(
            options["link"],
            options["community"] or "",
            options["source"],
            options["carrier"].lower(),
            dict(_column(text) for text in options["column"]),
        )
        tally = do_link_table(wish, clock.now(), is_dry=options["dry_run"])
        said = tally.words()
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for name in ("rows", "accounts", "vouched", "known", "joined"):
            self.stdout.write(f"{name:>16}  {said[name]}")
        for reason, count in sorted(tally.left.items()):
            self.stdout.write(f"{count:>16}  {told_text(REASONS[reason])}  {tally.examples[reason]}")


def _column(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not equals or not name:
        raise BadUse(mark("--column 要写成 字段=列名，例如 phone=联系方式"))
    return name, column


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= AT_MOST):
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to {AT_MOST}")
    return int(text)


def _where(group: str | None, community: str | None) -> Where:
    """Everywhere but in communities that are being removed, unless a place is named. Raises ``BadUse`` for an unknown one."""
    staying = list_staying_communities() if list_leaving_communities() else None
    if group is None and community is None:
        return Where(staying)
    groups = find_groups(group, community)
    if group is None:
        return Where({one.community_id for one in groups})
    return Where(staying, [one.id for one in groups])


class _Telling:
    """What is needed to tell of found people: names of groups and communities, and who knows whom."""

    def __init__(
        self, groups: Mapping[int, GroupInfo], communities: Mapping[int, str], known: Mapping[int, Knowing]
    ) -> None:
        self.groups, self.communities, self.known = groups, communities, known

    @classmethod
    def of(cls, people: Sequence[FoundPerson], where: Where) -> _Telling:
        """Reads it in a few queries."""
        known = who_knows({one.person_id: one.sitting for one in people}, where.community_ids)
        met = {talk.community_id for one in known.values() for talk in one.talks}
        groups = infos_of_groups({seat.group_id for one in people for seat in one.seats})
        return cls(groups, list_community_names(met), known)

    def rows(self, people: Sequence[FoundPerson]) -> list[dict[str, object]]:
        """One object for each person."""
        return [
            {
                "person": one.person_id,
                "name": one.name,
                "score": one.score,
                **_fields(one.fields),
                "groups": [self._seat(seat) for seat in one.seats],
                "known_by": self._knowing(self.known[one.person_id]),
            }
            for one in people
        ]

    def _seat(self, seat: FoundSeat) -> dict[str, object]:
        group = self.groups[seat.group_id]
        said = {"role": seat.role, "is_present": seat.is_present, "messages": seat.messages}
        return {"group": group.name, "community": group.community, "card": seat.card, **said, **_fields(seat.fields)}

    def _knowing(self, known: Knowing) -> dict[str, object]:
        colleagues = [
            {"name": one.name, "duty": one.duty, "groups": [self.groups[pk].name for pk in one.group_ids]}
            for one in known.colleagues
        ]
        talks = [
            {
                "community": self.communities.get(talk.community_id, ""),
                "messages": talk.messages,
                "last_at": talk.last_at.isoformat(),
            }
            for talk in known.talks
        ]
        return {"colleagues": colleagues, "private_talks": talks}


def _fields(fields: Sequence[Field]) -> dict[str, object]:
    """All fields, absent ones null, how sure each is, and which of them one of us wrote."""
    values = {one.name: one.value for one in fields if one.value}
    told: dict[str, object] = {name: values.get(name) for name in FIELDS}
    told["group_no"] = int(values["group_no"]) if "group_no" in values else None
    sure = {one.name: one.confidence for one in fields if one.value}
    return {"fields": told, "confidence": sure, "corrected": [one.name for one in fields if one.is_corrected]}


def _line(row: Mapping[str, Any]) -> str:
    """One person for reading: name, fields, groups, who knows them."""
    said = row["fields"]
    fields = " ".join(str(said[name]) for name in FIELDS if said[name] and said[name] != row["name"])
    groups = "、".join(seat["group"] for seat in row["groups"])
    known = "、".join(one["name"] for one in row["known_by"]["colleagues"])
    return "  ".join(part for part in (row["name"], fields, groups, known and f"← {known}") if part)
